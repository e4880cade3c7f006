using System.Collections.Immutable;
using System.Text;
using OrleansChat.Identity;

namespace OrleansChat.Model.Tests.Model;

/// <summary>What a piece of a text is.</summary>
internal enum PieceKind
{
    Plain,
    Person,
    All,
    Here,

    /// <summary>A person's token inside code: means nothing.</summary>
    PersonInCode,

    /// <summary>@all inside code: means nothing.</summary>
    AllInCode,
}

/// <summary>A piece of a text; of a person the id.</summary>
internal readonly record struct Piece(PieceKind Kind, string Text = "");

/// <summary>A text as its author meant it; the model knows what it mentions without parsing it.</summary>
internal sealed record Words(ImmutableArray<Piece> Pieces)
{
    internal IEnumerable<UserId> People => Pieces.Where(piece => piece.Kind == PieceKind.Person).Select(piece => UserId.Of(piece.Text)).Distinct();

    internal bool All => Pieces.Any(piece => piece.Kind == PieceKind.All);

    internal bool Here => Pieces.Any(piece => piece.Kind == PieceKind.Here);

    /// <summary>As it goes over the wire.</summary>
    internal string Text => string.Join(' ', Pieces.Select(Write));

    /// <summary>As it is kept.</summary>
    internal string Kept => Text.Normalize(NormalizationForm.FormC);

    public bool Equals(Words? other) => other is not null && Pieces.SequenceEqual(other.Pieces);

    public override int GetHashCode() => Pieces.Length;

    public override string ToString() => $"\"{(Text.Length > 60 ? Text[..60] + "…" : Text)}\"";

    private static string Write(Piece piece) => piece.Kind switch
    {
        PieceKind.Plain => piece.Text,
        PieceKind.Person => Token(piece.Text),
        PieceKind.All => "<!all>",
        PieceKind.Here => "<!here>",
        PieceKind.PersonInCode => "`" + Token(piece.Text) + "`",
        PieceKind.AllInCode => "``<!all>``",
    };

    private static string Token(string id)
    {
        var token = new StringBuilder("<@");
        foreach (var character in id)
        {
            token.Append(character switch { '%' => "%25", '<' => "%3C", '>' => "%3E", '`' => "%60", _ => character.ToString() });
        }

        return token.Append('>').ToString();
    }
}
