using Weft.Wasm.Compiling.Bodies;
using Weft.Wasm.Compiling.Methods;

namespace Weft.Wasm.Compiling;

/// <summary>
/// The order in which static fields get their first values: what an initializer reads, itself or by what it calls, is
/// there before it runs. .NET would run them at the first use; at the start nothing is used yet.
/// </summary>
internal sealed class InitializerOrder(IReadOnlyDictionary<MethodInstance, MethodFacts> facts, IReadOnlyList<MethodInstance> table)
{
    private readonly HashSet<MethodInstance> _seen = [];

    public List<MethodInstance> Of(IReadOnlyList<MethodInstance> initializers)
    {
        var order = new List<MethodInstance>();
        foreach (var initializer in initializers)
        {
            Add(initializer, order);
        }

        return order;
    }

    // Without recursion: one may need the next of a long row.
    private void Add(MethodInstance first, List<MethodInstance> order)
    {
        var open = new Stack<(MethodInstance Initializer, Queue<MethodInstance> Needs)>();
        Open(first, open);
        while (open.TryPeek(out var top))
        {
            if (top.Needs.TryDequeue(out var needed))
            {
                Open(needed, open);
                continue;
            }

            order.Add(open.Pop().Initializer);
        }
    }

    private void Open(MethodInstance initializer, Stack<(MethodInstance Initializer, Queue<MethodInstance> Needs)> open)
    {
        if (_seen.Add(initializer))
        {
            open.Push((initializer, Needs(initializer)));
        }
    }

    private Queue<MethodInstance> Needs(MethodInstance initializer)
    {
        var needs = new Queue<MethodInstance>();
        var seen = new HashSet<MethodInstance> { initializer };
        var open = new Stack<MethodInstance>([initializer]);
        while (open.TryPop(out var method))
        {
            if (!facts.TryGetValue(method, out var known))
            {
                continue;
            }

            known.Initializers.ForEach(needs.Enqueue);
            foreach (var callee in known.CallsTable ? known.Callees.Concat(table) : known.Callees)
            {
                if (seen.Add(callee))
                {
                    open.Push(callee);
                }
            }
        }

        return needs;
    }
}
