namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>Dice for programs.</summary>
internal sealed class Choice(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int count) => _random.Next(count);

    public bool OneIn(int count) => _random.Next(count) == 0;

    public T Of<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    public T In<T>(List<T> items) => items[_random.Next(items.Count)];
}
