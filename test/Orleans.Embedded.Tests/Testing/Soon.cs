namespace OrleansChat.Orleans.Embedded.Tests.Testing;

/// <summary>Waits of a test end: with a timeout of real time, and with the test.</summary>
internal static class Soon
{
    public static Task SoonAsync(this Task task) => task.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);

    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
}
