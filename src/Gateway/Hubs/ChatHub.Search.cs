using OrleansChat.Gateway.Wire;
using OrleansChat.Identity;
using OrleansChat.Search;
using OrleansChat.Text;

namespace OrleansChat.Gateway.Hubs;

internal sealed partial class ChatHub
{
    private const int SearchPageDefault = 20;
    private const int SearchPageMax = 50;

    [Limited(CallKind.Search)]
    [Answers(typeof(SearchAnswer))]
    public async Task<Answer> Search(SearchRequest request)
    {
        // The grain checks it too; but on the way to another process a lone surrogate would silently become U+FFFD.
        if (request.Query is not { } text || TextRules.Normalize(text) is null)
        {
            return Answers.Invalid("query is missing, or has U+0000 or a lone surrogate.");
        }

        var limit = request.Limit ?? SearchPageDefault;
        if (limit is < 1 or > SearchPageMax)
        {
            return Answers.Invalid($"limit must be 1 to {SearchPageMax}.");
        }

        long? after = null;
        if (request.After is { } next && !SearchPositionText.TryParse(next, out after))
        {
            return Answers.Invalid("after is not the next of a page before.");
        }

        var result = await grains.Client.GetGrain<ISearchGrain>(new UserKey(Caller.TenantId, Caller.UserId).ToString())
            .SearchAsync(new SearchQuery { Caller = Caller, Text = text, Limit = limit, After = after }, Context.ConnectionAborted);
        return result.Page is { } page
            ? new SearchAnswer
            {
                Messages = [.. page.Messages.Select(WireMapping.ToWire)],
                Next = page.Next is { } position ? SearchPositionText.Format(position) : null,
            }
            : Answers.Refused(ErrorCodes.InvalidQuery, result.Invalid!);
    }
}
