using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansChat.Identity;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>
/// How a tenant's tokens stand in an index: all begin with a few letters of the tenant's own, so that one tenant's words are not
/// another's neighbours; what is no word begins with <c>!</c> behind them. Ids stand as hashes: an index term only narrows down, and two
/// ids that share one cost a few rows that are thrown away. No term holds white space.
/// </summary>
internal sealed class IndexTerms(TenantId tenant)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int TenantChars = 5;
    private const int IdChars = 10;

    private readonly string _prefix = Hash(tenant.Value, TenantChars);

    /// <summary>Every message of the tenant has it.</summary>
    internal string Everything => _prefix + "!t";

    /// <summary>A message as the index keeps it.</summary>
    internal string Document(IndexedMessage message)
    {
        List<string> terms = [Everything, Conversation(message.ConversationId), Author(message.AuthorId)];
        var marks = MessageMarks.Of(message.Text);
        if (marks.HasFlag(SearchMarks.HasLink))
        {
            terms.Add(Link);
        }

        if (marks.HasFlag(SearchMarks.HasCode))
        {
            terms.Add(Code);
        }

        terms.AddRange(message.Mentioned.Select(Mentioned));
        if (message.MentionsAll)
        {
            terms.Add(MentionsAll);
        }

        terms.AddRange(Tokenizer.Tokens(TextFold.Fold(message.Text)).Select(token => _prefix + token));
        return string.Join(' ', terms);
    }

    /// <summary>What to ask the index: of each clause at least one term. Finds every message that the filter means, and others.</summary>
    /// <param name="filter">What is looked for.</param>
    /// <param name="searcher">Whose search it is.</param>
    /// <param name="conversations">Where; null for anywhere in the tenant, when the searcher is in too many to name them.</param>
    internal ImmutableArray<ImmutableArray<SearchToken>> Clauses(SearchFilter filter, UserId searcher, IReadOnlyCollection<ConversationId>? conversations)
    {
        var words = new HashSet<SearchToken>();
        foreach (var term in filter.Terms.Where(term => !term.Negated))
        {
            term.AddTokens(words);
        }

        List<ImmutableArray<SearchToken>> clauses = [.. words.Select(word => ImmutableArray.Create(word with { Text = _prefix + word.Text }))];
        Add(filter.Marks.HasFlag(SearchMarks.HasLink), Link);
        Add(filter.Marks.HasFlag(SearchMarks.HasCode), Code);
        Add(filter.Marks.HasFlag(SearchMarks.IsMentioned), Mentioned(searcher), MentionsAll);
        Add(!filter.From.IsEmpty, [.. filter.From.Select(Author)]);
        if (conversations is not null)
        {
            Add(true, [.. conversations.Select(Conversation)]);
        }

        Add(clauses.Count == 0, Everything);
        return [.. clauses];

        void Add(bool asked, params string[] any)
        {
            if (asked)
            {
                clauses.Add([.. any.Select(term => new SearchToken(term, Prefix: false))]);
            }
        }
    }

    private string Link => _prefix + "!l";

    private string Code => _prefix + "!k";

    private string MentionsAll => _prefix + "!m";

    private string Conversation(ConversationId conversation) => _prefix + "!c" + Hash(conversation.Value, IdChars);

    private string Author(UserId user) => _prefix + "!a" + Hash(user.Value, IdChars);

    private string Mentioned(UserId user) => _prefix + "!m" + Hash(user.Value, IdChars);

    private static string Hash(string id, int chars)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(chars, hash, static (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[bytes[i] & 31];
            }
        });
    }
}

/// <summary>What the index learns of a message.</summary>
internal sealed record IndexedMessage
{
    internal required ConversationId ConversationId { get; init; }

    internal required UserId AuthorId { get; init; }

    internal required string Text { get; init; }

    /// <summary>By name, or among those who were here.</summary>
    internal ImmutableArray<UserId> Mentioned { get; init; } = [];

    internal bool MentionsAll { get; init; }
}
