using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansChat.Gateway.Hubs;
using OrleansChat.Identity;
using OrleansChat.Tenants;
using OrleansChat.Testing;

namespace OrleansChat.Gateway.Tests.Hubs;

public sealed class CallRatesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CallRates _rates;

    public CallRatesTests() => _rates = new CallRates(Options.Create(new CallLimitOptions { TenantSendPerSecond = 15 }), _time);

    [Fact]
    [Rule("M7")]
    public void TryTake_HoursApart_IsStillOneBucketForAllSessions()
    {
        var (first, second) = (Caller("ann"), Caller("ann"));
        for (var hour = 0; hour < 3; hour++)
        {
            Enumerable.Range(0, 10).Count(call => _rates.TryTake(call % 2 == 0 ? first : second, CallKind.Send) is null).ShouldBe(10);
            _rates.TryTake(first, CallKind.Send).ShouldNotBeNull();
            _rates.TryTake(second, CallKind.Send).ShouldNotBeNull();
            _time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    [Rule("M7")]
    public void TryTake_ManyPeopleOfATenant_ShareItsRate()
    {
        Enumerable.Range(0, 30).Count(person => _rates.TryTake(Caller($"p{person}"), CallKind.Send) is null).ShouldBe(15);
        _rates.TryTake(Caller("p1", "other"), CallKind.Send).ShouldBeNull();
        _rates.TryTake(Caller("p1"), CallKind.Read).ShouldBeNull("reading does not wait for sending");
    }

    [Fact]
    [Rule("S14")]
    public void TryTake_ManyPeopleOnce_AreForgottenWhenTheirBucketsAreFull()
    {
        for (var person = 0; person < 20_000; person++)
        {
            _rates.TryTake(Caller($"p{person}"), CallKind.Read);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _rates.Kept.ShouldBeLessThan(5_000);
    }

    private static Caller Caller(string user, string tenant = "acme") =>
        new() { TenantId = TenantId.Of(tenant), UserId = UserId.Of(user), Name = user, Permissions = RolePermissions.Default(Role.Agent) };
}
