namespace Weft.Tests.Xds.Conformance;

/// <summary>
/// One thing that the protocol asks of a server. Its tests are those whose names begin with its <paramref name="Id"/>.
/// </summary>
/// <param name="Id">B: of both protocols, S: of state of the world, D: of delta; and a number.</param>
/// <param name="Says">What a server does.</param>
/// <param name="Source">Where that is written.</param>
internal sealed record Statement(string Id, string Says, string Source)
{
    /// <summary>What Weft does where the source leaves a choice, and why.</summary>
    public string? Choice { get; init; }
}

/// <param name="Title">What its statements are about.</param>
internal sealed record StatementSection(string Title, Statement[] Statements);
