using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansChat.Grains.Conversations;
using OrleansChat.Grains.Hosting;
using OrleansChat.Grains.MessageLog;

namespace OrleansChat.Grains.Tests.Hosting;

public sealed class ConfigurationTests
{
    [Fact]
    public void Read_EveryOptionOfAStore_IsTaken()
    {
        var options = Read(
            ("Provider", "Postgres"), ("ConnectionString", "Host=x"), ("Writers", "3"), ("Readers", "5"),
            ("QueueLengthMax", "100"), ("QueueTimeMax", "00:00:02"), ("CommitAppendsMax", "7"), ("CommitRowsMax", "70"));

        options.ShouldBe(new PostgresStoreOptions
        {
            ConnectionString = "Host=x",
            Writers = 3,
            Readers = 5,
            QueueLengthMax = 100,
            QueueTimeMax = TimeSpan.FromSeconds(2),
            CommitAppendsMax = 7,
            CommitRowsMax = 70,
        });
    }

    [Fact]
    public void Read_NothingButTheStore_LeavesItsDefaults()
    {
        Read(("Provider", "Postgres"), ("ConnectionString", "Host=x")).ShouldBe(new PostgresStoreOptions { ConnectionString = "Host=x" });
    }

    [Theory]
    [InlineData("Writers", "17", "Store:Writers is 17; it must be between 1 and 16.")]
    [InlineData("Readers", "0", "Store:Readers is 0; it must be between 1 and 256.")]
    [InlineData("QueueTimeMax", "00:02:00", "Store:QueueTimeMax is 00:02:00; it must be between 00:00:00.1000000 and 00:01:00.")]
    [InlineData("CommitRowsMax", "many", "'many' at 'Store:CommitRowsMax'")]
    public void Read_OutOfBounds_NamesSettingValueAndBound(string name, string value, string refusal) =>
        Should.Throw<StoreStartException>(() => Read(("Provider", "Postgres"), ("ConnectionString", "Host=x"), (name, value))).Message.ShouldContain(refusal);

    [Fact]
    public void ConversationOptions_OutOfBounds_NamesSettingValueAndBound()
    {
        var services = new ServiceCollection();
        services.AddSingleton(Configuration(("Conversations:MembersMax", "1")));
        services.AddChatGrains();
        using var provider = services.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<ConversationOptions>>().Value)
            .Message.ShouldBe("Conversations:MembersMax is 1; it must be between 2 and 100000.");
    }

    private static StoreOptions Read(params (string Name, string Value)[] settings) =>
        StoreConfiguration.Read(Configuration([.. settings.Select(setting => ("Store:" + setting.Name, setting.Value))]), exclusive: true);

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, string? (setting) => setting.Value)).Build();
}
