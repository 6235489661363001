using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace Weft.Proxy.Upstream;

/// <summary>
/// The lookup table of "Maglev: A Fast and Reliable Software Network Load Balancer", section 3.4, with weights as Envoy
/// adds them.
/// </summary>
internal sealed class MaglevPicker : Picker
{
    private readonly Endpoint[] _table;

    /// <param name="size">A prime number.</param>
    public MaglevPicker(ImmutableArray<Endpoint> endpoints, bool byLocality, int size)
    {
        var weights = WeightedSchedule.Shares(endpoints, byLocality);
        var most = weights.Max();
        var turns = endpoints
            .Select(e => new Turn(Encoding.ASCII.GetBytes(e.Address.ToString()), (ulong)size)).ToArray();
        _table = new Endpoint[size];
        for (int filled = 0, round = 1; filled < size; round++)
        {
            for (var i = 0; i < turns.Length && filled < size; i++)
            {
                if (round * weights[i] < turns[i].Due)
                {
                    continue;
                }

                turns[i].Due += most;
                var place = turns[i].Next();
                while (_table[place] is not null)
                {
                    place = turns[i].Next();
                }

                _table[place] = endpoints[i];
                filled++;
            }
        }
    }

    public override Endpoint Pick(ulong hash, int attempt) =>
        _table[(attempt == 0 ? hash : hash ^ (ulong.MaxValue - (ulong)attempt + 1)) % (ulong)_table.Length];

    /// <summary>An endpoint's own order of all places.</summary>
    private sealed class Turn(byte[] key, ulong size)
    {
        private readonly ulong _offset = XxHash64.HashToUInt64(key) % size;
        private readonly ulong _skip = (XxHash64.HashToUInt64(key, 1) % (size - 1)) + 1;
        private ulong _next;

        /// <summary>The weight at which its next turn comes.</summary>
        public double Due { get; set; }

        public int Next() => (int)((_offset + (_skip * _next++)) % size);
    }
}
