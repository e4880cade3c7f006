using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansChat.Identity;
using OrleansChat.Search;
using OrleansChat.Tenants;
using OrleansChat.Text;

namespace OrleansChat.Grains.Search;

/// <summary>
/// Stands for one person who looks for messages; the person's sessions call it. It reads the query, lets the directory say who is meant, and
/// asks the store, which checks in the statement that reads what the person may see now.
/// </summary>
[StatelessWorker]
[GrainType("search")]
internal sealed class SearchGrain(ISearchStore store, IOptions<SearchOptions> options) : Grain, ISearchGrain
{
    /// <summary>Most people that a name stands for.</summary>
    private const int NamesakesMax = 20;

    /// <summary>Whoever searches.</summary>
    private const string Me = "me";

    private UserKey _key;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = UserKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task<SearchResult> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Caller.TenantId != _key.TenantId || query.Caller.UserId != _key.UserId)
        {
            return new SearchResult { Page = new SearchPage { Messages = [] } };
        }

        if (TextRules.Normalize(query.Text) is not { } text)
        {
            return Invalid("The query has U+0000 or a lone surrogate.");
        }

        if (TextRules.HasMoreScalarsThan(text, options.Value.QueryScalarsMax))
        {
            return Invalid($"The query has more than {options.Value.QueryScalarsMax} characters.");
        }

        var (expression, refusal) = SearchParser.Parse(text, options.Value.QueryPartsMax);
        if (expression is null)
        {
            return Invalid(refusal!);
        }

        var (filter, unknown) = await ResolveAsync(expression, cancellationToken);
        return filter is null
            ? Invalid(unknown!)
            : new SearchResult
            {
                Page = await store.SearchAsync(_key.TenantId, _key.UserId, filter, query.After, query.Limit, cancellationToken),
            };
    }

    private static SearchResult Invalid(string reason) => new() { Invalid = reason };

    private async Task<(SearchFilter? Filter, string? Unknown)> ResolveAsync(SearchExpression expression, CancellationToken cancellationToken)
    {
        var from = ImmutableArray.CreateBuilder<UserId>();
        foreach (var name in expression.From)
        {
            var people = await PeopleAsync(name, cancellationToken);
            if (people.IsEmpty)
            {
                return (null, $"from: nobody is called {name}.");
            }

            from.AddRange(people);
        }

        var with = ImmutableArray.CreateBuilder<ImmutableArray<UserId>>();
        foreach (var name in expression.With)
        {
            with.Add(await PeopleAsync(name, cancellationToken));
            if (with[^1].IsEmpty)
            {
                return (null, $"with: nobody is called {name}.");
            }
        }

        return (
            new SearchFilter
            {
                Terms = expression.Terms,
                From = from.ToImmutable(),
                In = expression.In,
                With = with.ToImmutable(),
                NotBefore = expression.NotBefore,
                Before = expression.Before,
                Marks = expression.Marks,
            },
            null);
    }

    /// <summary>Who is meant: the person with this id, whoever they are now; else the active ones whose name has a word that begins so.</summary>
    private async Task<ImmutableArray<UserId>> PeopleAsync(string name, CancellationToken cancellationToken)
    {
        if (string.Equals(name, Me, StringComparison.OrdinalIgnoreCase))
        {
            return [_key.UserId];
        }

        var directory = GrainFactory.GetGrain<IDirectoryGrain>(new TenantKey(_key.TenantId).ToString());
        if (UserId.TryParse(name, out var id) && await directory.PeopleAsync([id], cancellationToken) is [var person])
        {
            return [person.UserId];
        }

        var word = new SearchTerm { Words = [TextFold.Fold(name)], Prefix = true };
        return
        [
            .. (await directory.FindAsync(name, NamesakesMax, cancellationToken))
                .Where(found => word.Accepts(TextFold.Fold(found.Name)))
                .Select(found => found.UserId),
        ];
    }
}
