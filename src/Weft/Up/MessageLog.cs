using System.Collections.Immutable;

namespace Weft.Up;

/// <summary>The last lines that programs and proxies said.</summary>
/// <param name="echo">Where each line goes at once; null where a screen shows the last ones.</param>
internal sealed class MessageLog(Action<string>? echo)
{
    private const int Kept = 5;

    private ImmutableQueue<string> _lines = [];

    public ImmutableArray<string> Last => [.. _lines];

    public void Say(string line)
    {
        echo?.Invoke(line);
        ImmutableInterlocked.Update(ref _lines, lines =>
        {
            var more = lines.Enqueue(line);
            return more.Count() > Kept ? more.Dequeue() : more;
        });
    }
}
