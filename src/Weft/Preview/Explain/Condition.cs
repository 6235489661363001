namespace Weft.Preview;

/// <summary>Whether a condition holds.</summary>
internal enum Fit
{
    No,

    /// <summary>It asks for what a request alone does not say, or uses what is not known here.</summary>
    Unknown,

    Yes,
}

/// <summary>One condition of a route's match.</summary>
/// <param name="Words">What it asks for: <c>path begins with /a</c>.</param>
/// <param name="Test">Whether a request has it.</param>
/// <param name="Found">What a request has instead: <c>the path is /b</c>.</param>
internal sealed record Condition(string Words, Func<RouteRequest, Fit> Test, Func<RouteRequest, string> Found)
{
    public static Condition Of(string words, Func<RouteRequest, bool?> test, Func<RouteRequest, string> found) => new(
        words, request => test(request) switch { true => Fit.Yes, false => Fit.No, null => Fit.Unknown }, found);

    /// <summary>One that a request alone does not decide.</summary>
    public static Condition Undecided(string words) => new(words, _ => Fit.Unknown, _ => "that cannot be told here");

    public Judgement Judge(RouteRequest request) => Test(request) is var fit && fit == Fit.Yes
        ? new(Words, fit, "")
        : new(Words, fit, Found(request));
}

/// <summary>A condition, and how a request stands to it.</summary>
/// <param name="Found">What the request has instead, where it does not fit.</param>
internal sealed record Judgement(string Words, Fit Fit, string Found);
