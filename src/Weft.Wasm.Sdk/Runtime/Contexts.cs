namespace Weft.Wasm.Sdk.Runtime;

/// <summary>A context of the proxy's: a configuration, or a stream of it. Its state follows in memory.</summary>
internal unsafe struct Context
{
    public int Id;
    public Context* NextInBucket;

    /// <summary>The configuration that it belongs to; of a configuration, itself.</summary>
    public Context* Root;

    /// <summary>Of a configuration: what it allocates from.</summary>
    public Region* Region;

    /// <summary>Of a configuration: streams that have ended, whose memory the next ones take.</summary>
    public Context* Free;

    /// <summary>Of a configuration: the calls that its streams have made and that have not ended.</summary>
    public Caller* Callers;
    public Caller* FreeCallers;
}

/// <summary>Finds the state of a context by its number.</summary>
internal static unsafe class Contexts
{
    private const int Buckets = 1024;
    private static BucketList _buckets;

    /// <summary>The context whose callback runs, or null.</summary>
    public static Context* Current { get; private set; }

    /// <summary>The context, after all that the callback before allocated is gone; null if it is not known.</summary>
    public static Context* Enter(int id)
    {
        Memory.Begin();
        return Find(id);
    }

    /// <summary>The context, whose callback it is from now on; null if it is not known.</summary>
    public static Context* Find(int id)
    {
        var context = *Bucket(id);
        while (context != null && context->Id != id)
        {
            context = context->NextInBucket;
        }

        Current = context;
        return context;
    }

    /// <summary>The same for a callback whose allocations stay as long as its configuration.</summary>
    public static Context* EnterToStay(int id)
    {
        var context = Enter(id);
        if (context != null)
        {
            Memory.Use(context->Root->Region);
        }

        return context;
    }

    /// <summary>A configuration (<paramref name="parent"/> 0) or one of its streams begins; null if there is no memory.</summary>
    public static Context* Create(int id, int parent, int pluginSize, int streamSize)
    {
        var root = parent == 0 ? null : Enter(parent);
        var context = parent == 0 ? NewRoot(pluginSize) : root == null ? null : NewStream(root, streamSize);
        if (context == null)
        {
            return null;
        }

        context->Id = id;
        var bucket = Bucket(id);
        context->NextInBucket = *bucket;
        *bucket = context;
        Current = context;
        return context;
    }

    public static void Delete(int id)
    {
        var link = Bucket(id);
        while (*link != null && (*link)->Id != id)
        {
            link = &(*link)->NextInBucket;
        }

        var context = *link;
        if (context == null)
        {
            return;
        }

        *link = context->NextInBucket;
        if (context->Root == context)
        {
            Memory.Delete(context->Region);
        }
        else
        {
            context->NextInBucket = context->Root->Free;
            context->Root->Free = context;
        }
    }

    public static byte* State(Context* context) => (byte*)(context + 1);

    private static Context* NewRoot(int size)
    {
        var region = Memory.NewRegion();
        if (region == null)
        {
            return null;
        }

        Memory.Use(region);
        var context = (Context*)Memory.NewObject(sizeof(Context) + size);
        if (context != null)
        {
            context->Root = context;
            context->Region = region;
        }

        return context;
    }

    private static Context* NewStream(Context* root, int size)
    {
        var context = root->Free;
        if (context == null)
        {
            Memory.Use(root->Region);
            context = (Context*)Memory.NewObject(sizeof(Context) + size);
        }
        else
        {
            root->Free = context->NextInBucket;
            Machine.Fill(context, 0, sizeof(Context) + size);
        }

        if (context != null)
        {
            context->Root = root;
        }

        return context;
    }

    private static Context** Bucket(int id)
    {
        fixed (byte* buckets = &_buckets.First)
        {
            return (Context**)buckets + (id & (Buckets - 1));
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = Buckets * 4, Pack = 8)]
    private struct BucketList
    {
        public byte First;
    }
}
