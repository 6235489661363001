namespace Weft.Wasm.Sdk.Runtime;

/// <summary>A row of pages that belongs to a region.</summary>
internal unsafe struct PageRun
{
    public PageRun* Former;
    public int Pages;
}

/// <summary>Memory that is let go as a whole: a callback's, or that of one configuration of the plugin.</summary>
internal unsafe struct Region
{
    public int Next;
    public int End;
    public PageRun* Last;
    public Lifetime Lifetime;
}

/// <summary>How long what lies in a page lives. What lives longer must not refer to what lives shorter.</summary>
internal enum Lifetime : byte
{
    /// <summary>The page is free.</summary>
    None = 0,

    /// <summary>As long as the virtual machine: literals, static fields, and what static fields begin with.</summary>
    Machine = 1,

    /// <summary>As long as one configuration of the plugin, and its streams.</summary>
    Plugin = 2,

    /// <summary>Until the callback returns.</summary>
    Callback = 3,
}

/// <summary>
/// Memory in regions of whole pages. A map has the lifetime of each page, so that storing an object is checked by two
/// looks into it, and nothing is ever left behind: what a region has goes back with it.
/// </summary>
internal static unsafe class Memory
{
    private const int PageShift = 16;
    private const int PageSize = 1 << PageShift;

    /// <summary>No plugin gets more than 64 MiB.</summary>
    private const int MostPages = 1024;
    private static MapBytes s_map;
    private static Region s_machine;
    private static Region s_callback;
    private static Region* s_current;

    /// <summary>What is allocated from now on belongs to this callback; what the one before allocated is gone.</summary>
    public static void Begin()
    {
        Release(ref s_callback, keepFirst: true);
        fixed (Region* callback = &s_callback)
        {
            s_current = callback;
        }
    }

    /// <summary>What is allocated from now on belongs to that region.</summary>
    public static void Use(Region* region) => s_current = region;

    /// <summary>A region for one configuration, at the start of its own memory; null if there is none left.</summary>
    public static Region* NewRegion()
    {
        Region made = default;
        made.Lifetime = Lifetime.Plugin;
        var region = (Region*)Allocate(&made, sizeof(Region));
        if (region != null)
        {
            *region = made;
        }

        return region;
    }

    public static void Delete(Region* region)
    {
        // The region itself lies in what is let go.
        var copy = *region;
        Release(ref copy, keepFirst: false);
    }

    /// <summary>Memory in the current region, at a multiple of 8; 0 if there is none left.</summary>
    public static byte* Allocate(int size)
    {
        if (s_current == null)
        {
            fixed (Region* machine = &s_machine)
            {
                s_current = machine;
                machine->Lifetime = Lifetime.Machine;
            }
        }

        return Allocate(s_current, size);
    }

    /// <summary>A new object, all zeros.</summary>
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
    public static bool Outlives(uint where, uint value)
    {
        var onStack = where >= Machine.StackBottom() && where < Machine.StackTop();
        fixed (byte* map = &s_map.First)
        {
            return !onStack && value >= PageSize && map[value >> PageShift] > LifetimeOf(map, where);
        }
    }

    private static byte LifetimeOf(byte* map, uint address) =>
        map[address >> PageShift] is var lifetime and > 0 ? lifetime : (byte)Lifetime.Machine;

    [Export("proxy_on_memory_allocate")]
    private static byte* OnAllocate(int size) => Allocate(size);

    private static byte* Allocate(Region* region, int size)
    {
        var wanted = (size + 7) & ~7;
        if ((uint)wanted > (uint)(region->End - region->Next) && !Extend(region, wanted))
        {
            return null;
        }

        var place = (byte*)region->Next;
        region->Next += wanted;
        return place;
    }

    private static bool Extend(Region* region, int size)
    {
        if ((uint)size > MostPages << PageShift)
        {
            return false;
        }

        var pages = (size + sizeof(PageRun) + PageSize - 1) >> PageShift;
        var start = FindPages(pages, region->Lifetime);
        if (start == 0)
        {
            return false;
        }

        var run = (PageRun*)(start << PageShift);
        run->Former = region->Last;
        run->Pages = pages;
        region->Last = run;
        region->Next = (int)run + sizeof(PageRun);
        region->End = (start + pages) << PageShift;
        return true;
    }

    /// <summary>The first of so many pages in a row that are free, or were until now not there; 0 if there are none.</summary>
    private static int FindPages(int pages, Lifetime lifetime)
    {
        var size = Machine.MemorySize();
        fixed (byte* map = &s_map.First)
        {
            var free = 0;
            for (var page = (Machine.DataEnd() + PageSize - 1) >> PageShift; page < MostPages; page++)
            {
                free = map[page] == 0 ? free + 1 : 0;
                if (free == pages)
                {
                    var start = page - pages + 1;
                    if (page >= size && Machine.GrowMemory(page + 1 - size) < 0)
                    {
                        return 0;
                    }

                    Machine.Fill(map + start, (byte)lifetime, pages);
                    return start;
                }
            }
        }

        return 0;
    }

    private static void Release(ref Region region, bool keepFirst)
    {
        region.Lifetime = keepFirst ? Lifetime.Callback : region.Lifetime;
        var run = region.Last;
        while (run != null && !(keepFirst && run->Former == null && run->Pages == 1))
        {
            fixed (byte* map = &s_map.First)
            {
                Machine.Fill(map + ((int)run >> PageShift), 0, run->Pages);
            }

            run = run->Former;
        }

        region.Last = run;
        region.Next = run == null ? 0 : (int)run + sizeof(PageRun);
        region.End = run == null ? 0 : (int)run + PageSize;
    }

    /// <summary>A byte for each page. Only its place and size matter.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = MostPages)]
    private struct MapBytes
    {
        public byte First;
    }
}
