using OrleansChat.Grains.Import;

namespace OrleansChat.Grains.Tests.Import;

public sealed class SupportChatClockTests
{
    [Theory]
    [InlineData("10:00 10:00 10:01", "06T10:00 06T10:00 06T10:01")]
    [InlineData("23:59 00:01 00:02", "06T23:59 07T00:01 07T00:02")] // Midnight.
    [InlineData("11:59 00:00 01:09", "06T11:59 06T12:00 06T13:09")] // A clock of twelve hours.
    [InlineData("10:05 10:04", "06T10:05 06T10:04")] // Lines out of order keep their times.
    public void At_TimesOfAFile_FollowTheDay(string minutes, string expected)
    {
        var clock = SupportChatClock.ForFile("logs/2006-12-06.txt").ShouldNotBeNull();
        minutes.Split(' ').Select(minute => TimeOnly.Parse(minute))
            .Select(minute => clock.At((minute.Hour * 60) + minute.Minute).ToString("dd'T'HH:mm"))
            .ShouldBe(expected.Split(' '));
    }

    [Theory]
    [InlineData("chat.txt")]
    [InlineData("2006-13-01.txt")]
    [InlineData("2006.txt")]
    public void ForFile_NoDayInTheName_IsNone(string name) => SupportChatClock.ForFile(name).ShouldBeNull();
}
