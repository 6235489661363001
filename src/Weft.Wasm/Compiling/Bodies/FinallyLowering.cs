using Mono.Cecil.Cil;

namespace Weft.Wasm.Compiling.Bodies;

/// <summary>Writes a copy of each finally block behind each <c>leave</c> that passes it, innermost first.</summary>
internal static class FinallyLowering
{
    /// <summary>Copies of copies grow fast; no plugin comes near.</summary>
    private const int MostInstructions = 20000;

    public static void Lower(List<Insn> list, MethodBody body, Dictionary<Instruction, Insn> copies)
    {
        var open = body.ExceptionHandlers.Select(h => new Region(
            h,
            copies[h.TryStart],
            h.TryEnd is null ? null : copies[h.TryEnd],
            copies[h.HandlerStart],
            h.HandlerEnd is null ? null : copies[h.HandlerEnd])).ToList();
        if (open.Find(r => r.Handler.HandlerType != ExceptionHandlerType.Finally) is { } other)
        {
            throw new NotInSubset(
                "PW0005", "catch is not in the subset", "test before you act; a fault ends the callback and the request goes on")
            {
                At = other.HandlerStart.At,
            };
        }

        // The metadata lists inner regions before outer ones.
        foreach (var region in open)
        {
            Lower(list, region);
        }
    }

    private static void Lower(List<Insn> list, Region region)
    {
        var (tryStart, tryEnd) = (list.IndexOf(region.TryStart), End(list, region.TryEnd));
        var handlerStart = list.IndexOf(region.HandlerStart);
        var handler = list.GetRange(handlerStart, End(list, region.HandlerEnd) - handlerStart);
        var leaving = list.GetRange(tryStart, tryEnd - tryStart)
            .Where(i => i.Code == Code.Leave && !Within(list, i.Target!, tryStart, tryEnd)).ToList();
        list.RemoveRange(handlerStart, handler.Count);
        var place = handlerStart;
        foreach (var leave in leaving)
        {
            // Where the handler was: within the regions around it, which see that their copies are left in turn.
            var copy = CopyOf(handler, leave.Target!);
            list.InsertRange(place, copy);
            place += copy.Count;
            leave.Target = copy[0];
            if (list.Count > MostInstructions)
            {
                throw new NotInSubset("PW0012", "too many ways lead out of try", "return at the end instead");
            }
        }
    }

    private static List<Insn> CopyOf(List<Insn> handler, Insn after)
    {
        var copies = handler.ToDictionary(i => i, i => i.Copy());
        foreach (var copy in copies.Values)
        {
            copy.Target = copy.Target is { } t && copies.TryGetValue(t, out var own) ? own : copy.Target;
            copy.Targets = copy.Targets?.Select(x => copies.GetValueOrDefault(x, x)).ToArray();
            if (copy.Code == Code.Endfinally)
            {
                // Still a leave, so that an outer region sees it.
                (copy.Code, copy.Target) = (Code.Leave, after);
            }
        }

        return [.. handler.Select(i => copies[i])];
    }

    private static bool Within(List<Insn> list, Insn target, int start, int end)
    {
        var at = list.IndexOf(target);
        return at >= start && at < end;
    }

    private static int End(List<Insn> list, Insn? end) => end is null ? list.Count : list.IndexOf(end);

    private sealed record Region(ExceptionHandler Handler, Insn TryStart, Insn? TryEnd, Insn HandlerStart, Insn? HandlerEnd);
}
