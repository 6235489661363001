using Weft.Wasm.Compiling.Bodies;

namespace Weft.Wasm.Compiling.Methods;

/// <summary>What follows from who calls whom: who may end with a fault, who calls itself, and how much stack is needed.</summary>
internal sealed class CallGraph
{
    /// <summary>A method that takes longer than this, loops aside, burns fuel when it is entered.</summary>
    private const int FreeCost = 4000;

    /// <summary>What a call costs its caller where the called method burns for itself.</summary>
    private const int CostOfCall = 8;
    private readonly IReadOnlyDictionary<MethodInstance, MethodFacts> _facts;
    private readonly Dictionary<MethodInstance, int> _stack = [];
    private readonly Dictionary<MethodInstance, int> _cost = [];
    private readonly Dictionary<MethodInstance, int> _entry = [];
    private readonly HashSet<MethodInstance> _recursive;
    private readonly HashSet<MethodInstance> _faulting;

    public CallGraph(
        IReadOnlyDictionary<MethodInstance, MethodFacts> facts, IReadOnlyList<MethodInstance> table, Func<MethodInstance, bool> isTrusted)
    {
        _facts = facts;
        var callees = facts.ToDictionary(f => f.Key, f => f.Value.Callees.Concat(f.Value.CallsTable ? table : []).ToList());
        _recursive = Recursive(callees);
        _faulting = [.. facts.Where(f => f.Value.Checks || f.Value.CallsTable || _recursive.Contains(f.Key)).Select(f => f.Key)];
        foreach (var method in Order(callees))
        {
            var cost = facts[method].Cost + callees[method].Sum(c => Math.Min(_cost.GetValueOrDefault(c, CostOfCall), FreeCost));
            if (!isTrusted(method) && (cost > FreeCost || _recursive.Contains(method)))
            {
                _entry[method] = Math.Min(cost, 1_000_000);
                _faulting.Add(method);
                cost = CostOfCall;
            }

            _cost[method] = cost;
            _stack[method] = facts[method].FrameSize + callees[method].Select(c => _stack.GetValueOrDefault(c)).DefaultIfEmpty().Max();
        }

        Spread(callees);
    }

    /// <summary>The most that a chain of calls needs in which nobody calls himself.</summary>
    public int StackNeed => _stack.Values.DefaultIfEmpty().Max();

    public bool MayFault(MethodInstance method) => !_facts.ContainsKey(method) || _faulting.Contains(method);

    public bool IsRecursive(MethodInstance method) => _recursive.Contains(method);

    /// <summary>What a call costs that the called method does not burn itself.</summary>
    public int Cost(MethodInstance method) => _cost.GetValueOrDefault(method);

    public int CostAtEntry(MethodInstance method) => _entry.GetValueOrDefault(method);

    private void Spread(Dictionary<MethodInstance, List<MethodInstance>> callees)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (method, called) in callees)
            {
                changed |= called.Exists(_faulting.Contains) && _faulting.Add(method);
            }
        }
    }

    /// <summary>Those that lie on a way that leads back to them.</summary>
    private static HashSet<MethodInstance> Recursive(Dictionary<MethodInstance, List<MethodInstance>> callees)
    {
        var found = new HashSet<MethodInstance>();
        foreach (var start in callees.Keys)
        {
            var seen = new HashSet<MethodInstance>();
            var open = new Stack<MethodInstance>(callees[start]);
            while (open.TryPop(out var next))
            {
                if (next == start)
                {
                    found.Add(start);
                    break;
                }

                if (seen.Add(next) && callees.TryGetValue(next, out var further))
                {
                    further.ForEach(open.Push);
                }
            }
        }

        return found;
    }

    /// <summary>Called before callers; where they call each other, in any order.</summary>
    private static List<MethodInstance> Order(Dictionary<MethodInstance, List<MethodInstance>> callees)
    {
        var order = new List<MethodInstance>();
        var seen = new HashSet<MethodInstance>();
        foreach (var start in callees.Keys)
        {
            var open = new Stack<(MethodInstance Method, int Next)>();
            if (seen.Add(start))
            {
                open.Push((start, 0));
            }

            while (open.TryPop(out var top))
            {
                var called = callees[top.Method];
                if (top.Next == called.Count)
                {
                    order.Add(top.Method);
                    continue;
                }

                open.Push((top.Method, top.Next + 1));
                if (callees.ContainsKey(called[top.Next]) && seen.Add(called[top.Next]))
                {
                    open.Push((called[top.Next], 0));
                }
            }
        }

        return order;
    }
}
