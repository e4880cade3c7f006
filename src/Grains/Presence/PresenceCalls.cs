using System.Collections.Immutable;

namespace OrleansChat.Grains.Presence;

/// <summary>Many grains asked from one: some at the same time, and one that fails fails alone.</summary>
internal static class PresenceCalls
{
    private const int AtOnce = 256;

    /// <summary>The answers in the order of the questions.</summary>
    internal static async Task<ImmutableArray<TAnswer>> AskAsync<TQuestion, TAnswer>(
        ImmutableArray<TQuestion> questions, Func<TQuestion, Task<TAnswer>> ask, Func<TQuestion, TAnswer> unanswered)
    {
        var answers = ImmutableArray.CreateBuilder<TAnswer>(questions.Length);
        for (var first = 0; first < questions.Length; first += AtOnce)
        {
            answers.AddRange(await Task.WhenAll(questions[first..Math.Min(first + AtOnce, questions.Length)].Select(AskOneAsync)));
        }

        return answers.MoveToImmutable();

        async Task<TAnswer> AskOneAsync(TQuestion question)
        {
            try
            {
                return await ask(question);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                return unanswered(question); // The grain's own failure is logged where it happened.
            }
        }
    }
}
