namespace Weft.Flow;

/// <summary>When something was done, by the clock.</summary>
/// <param name="Began">The default where it is not known.</param>
public readonly record struct TimeSlice(DateTimeOffset Began, DateTimeOffset Ended);
