using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Wasm.Sdk.Runtime;

/// <summary>A row of pages that belongs to a region.</summary>
internal unsafe struct PageRun
{
    public PageRun* Former;
    public int Pages;
}

/// <summary>How long what lies in memory lives. What lives longer must not refer to what lives shorter.</summary>
internal enum Lifetime
{
    /// <summary>As long as the virtual machine: literals, static fields, and what static fields begin with.</summary>
    Machine = 0,

    /// <summary>As long as one configuration of the plugin, and its streams.</summary>
    Plugin = 1,

    /// <summary>Until the callback returns.</summary>
    Callback = 2,
}

/// <summary>Memory that is let go as a whole: a callback's, or that of one configuration of the plugin.</summary>
internal unsafe struct Region
{
    public int Next;
    public int End;
    public PageRun* Last;
    public Lifetime Lifetime;
}

/// <summary>
/// Memory in regions of whole pages. A map has the lifetime of each page, so that storing an object is checked by two
/// looks into it, and nothing is ever left behind: what a region has goes back with it. The callback's region begins in
/// the page that the module's data leaves free, which is all that most callbacks need.
/// </summary>
internal static unsafe class Memory
{
    private const int PageShift = 16;
    private const int PageSize = 1 << PageShift;

    /// <summary>No plugin gets more than 64 MiB.</summary>
    private const int MostPages = 1024;
    private static Region _machine;
    private static Region _callback;

    /// <summary>The region that is allocated from, as its distance from the machine's: at the start it is that.</summary>
    public static int Current { get; set; }

    /// <summary>For each page 0 where it is free, else one more than its lifetime.</summary>
    private static MapBytes _map;

    /// <summary>What is allocated from now on belongs to this callback; what the one before allocated is gone.</summary>
    public static void Begin()
    {
        var callback = Address(ref _callback);
        for (var run = callback->Last; run != null; run = run->Former)
        {
            Release(run);
        }

        callback->Last = null;
        callback->Next = Machine.DataEnd();
        callback->End = (Machine.DataEnd() + PageSize - 1) & -PageSize;
        callback->Lifetime = Lifetime.Callback;
        Use(callback);
    }

    /// <summary>What is allocated from now on belongs to that region.</summary>
    public static void Use(Region* region) => Current = (int)region - (int)Address(ref _machine);

    /// <summary>A region for one configuration, at the start of its own memory; null if there is none left.</summary>
    public static Region* NewRegion()
    {
        Region made = default;
        made.Lifetime = Lifetime.Plugin;
        Use(&made);
        var region = (Region*)Allocate(sizeof(Region));
        if (region != null)
        {
            *region = made;
        }

        return region;
    }

    public static void Delete(Region* region)
    {
        // The region itself lies in what is let go.
        for (var run = region->Last; run != null; run = run->Former)
        {
            Release(run);
        }
    }

    /// <summary>A new object, all zeros; 0 if there is no room.</summary>
    public static byte* NewObject(int size)
    {
        var place = Allocate(size);
        if (place != null)
        {
            Machine.Fill(place, 0, size);
            Machine.Burn(size >> 6);
        }

        return place;
    }

    /// <summary>A new array, all zeros; 0 if there is no room, or the length is below 0.</summary>
    public static byte* NewArray(int length, int elementSize, int firstElement)
    {
        var size = ((long)(uint)length * (uint)elementSize) + firstElement;
        if (size > MostPages << PageShift)
        {
            return null;
        }

        var place = NewObject((int)size);
        if (place != null)
        {
            *(int*)place = length;
        }

        return place;
    }

    /// <summary>Whether an object would be found after it is gone, if it were stored there.</summary>
    public static bool Outlives(uint where, uint value) =>
        !(where >= Machine.StackBottom() && where < Machine.StackTop()) && LifetimeOf(value) > LifetimeOf(where);

    private static Lifetime LifetimeOf(uint address)
    {
        if (address < (uint)Machine.DataEnd())
        {
            return Lifetime.Machine;
        }

        var page = address >> PageShift;
        return page <= (uint)(Machine.DataEnd() - 1) >> PageShift ? Lifetime.Callback : (Lifetime)(Map()[page] - 1);
    }

    /// <summary>Memory in the current region, at a multiple of 8; 0 if there is none left.</summary>
    [Export("proxy_on_memory_allocate")]
    private static byte* Allocate(int size)
    {
        var region = (Region*)((int)Address(ref _machine) + Current);
        var wanted = (size + 7) & ~7;
        if ((uint)wanted > (uint)(region->End - region->Next) && !Extend(region, wanted))
        {
            return null;
        }

        var place = region->Next;
        region->Next = place + wanted;
        return (byte*)place;
    }

    /// <summary>Gives the region the first pages in a row that are free, or were until now not there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // Rare, and what calls it is not.
    private static bool Extend(Region* region, int size)
    {
        // Above this no region has room, and sums stay small.
        if ((uint)size > MostPages << PageShift)
        {
            return false;
        }

        var pages = (size + sizeof(PageRun) + PageSize - 1) >> PageShift;
        var end = (Machine.DataEnd() + PageSize - 1) >> PageShift;
        for (var free = 0; free < pages; end++)
        {
            if (end == MostPages)
            {
                return false;
            }

            free = Map()[end] == 0 ? free + 1 : 0;
        }

        var missing = end - Machine.MemorySize();
        if (missing > 0 && Machine.GrowMemory(missing) < 0)
        {
            return false;
        }

        Machine.Fill(Map() + end - pages, (int)region->Lifetime + 1, pages);
        var run = (PageRun*)((end - pages) << PageShift);
        run->Former = region->Last;
        run->Pages = pages;
        region->Last = run;
        region->Next = (int)(run + 1);
        region->End = end << PageShift;
        return true;
    }

    private static void Release(PageRun* run) => Machine.Fill(Map() + ((int)run >> PageShift), 0, run->Pages);

    private static Region* Address(ref Region region)
    {
        fixed (Region* address = &region)
        {
            return address;
        }
    }

    private static byte* Map()
    {
        fixed (byte* map = &_map.First)
        {
            return map;
        }
    }

    /// <summary>A byte for each page. Only its place and size matter.</summary>
    [StructLayout(LayoutKind.Sequential, Size = MostPages)]
    private struct MapBytes
    {
        public byte First;
    }
}
