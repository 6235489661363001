#pragma warning disable CS8500 // Addresses of types that may hold references: where they lie does not change in wasm.
namespace Weft.Wasm.Sdk.Runtime;

/// <summary>Leads from the number of a context to the plugin's structs, for HTTP and for TCP alike.</summary>
internal static unsafe class Entry<TPlugin, TStream>
    where TPlugin : struct, IPlugin
    where TStream : struct, IStream<TPlugin>
{
    /// <summary>Where structs without fields are said to lie: nothing is read or written there.</summary>
    private const int Nowhere = 8;

    /// <summary>The context of a callback that looks at the stream; null if it is not known.</summary>
    public static Context* Enter(int context)
    {
        if (Machine.IsTracked<TPlugin, TStream>())
        {
            return Contexts.Enter(context);
        }

        Memory.Begin();
        return (Context*)Nowhere;
    }

    public static Context* EnterToStay(int context)
    {
        if (Machine.IsTracked<TPlugin, TStream>())
        {
            return Contexts.EnterToStay(context);
        }

        Memory.Begin();
        return (Context*)Nowhere;
    }

    public static ref TPlugin Plugin(Context* context)
    {
        if (Machine.IsTracked<TPlugin, TStream>())
        {
            return ref *(TPlugin*)Contexts.State(context->Root);
        }

        return ref *(TPlugin*)Nowhere;
    }

    public static ref TStream Stream(Context* context)
    {
        if (Machine.IsTracked<TPlugin, TStream>())
        {
            return ref *(TStream*)Contexts.State(context);
        }

        return ref *(TStream*)Nowhere;
    }

    public static void Create(int context, int parent)
    {
        var made = Contexts.Create(context, parent, sizeof(TPlugin), sizeof(TStream));
        if (parent != 0 && made != null)
        {
            Memory.Begin();
            Stream(made).OnCreate(ref Plugin(made));
        }
    }

    public static int VmStart(int context, int size)
    {
        var entered = EnterToStay(context);
        return entered != null && Plugin(entered).OnVmStart(Configuration(6, size)) ? 1 : 0;
    }

    public static int Configure(int context, int size)
    {
        var entered = EnterToStay(context);
        return entered != null && Plugin(entered).OnConfigure(Configuration(7, size)) ? 1 : 0;
    }

    public static void Tick(int context)
    {
        var entered = Enter(context);
        if (entered != null)
        {
            Plugin(entered).OnTick();
        }
    }

    public static void QueueReady(int context, int queue)
    {
        var entered = Enter(context);
        if (entered != null)
        {
            Plugin(entered).OnQueueReady((uint)queue);
        }
    }

    public static void HttpCallResponse(int context, int call, int headers, int body, int trailers)
    {
        var root = Enter(context);
        if (root == null)
        {
            return;
        }

        var response = new CallResponse(headers, body, trailers);
        var stream = Callers.StreamOf(root, call, GrpcNews.Closed, isHttp: true);
        if (stream == 0)
        {
            Plugin(root).OnHttpCallResponse((uint)call, response);
        }
        else if (GoTo(stream) is var caller && caller != null)
        {
            Stream(caller).OnHttpCallResponse(ref Plugin(caller), (uint)call, response);
        }
    }

    public static void GrpcCall(int context, int call, GrpcNews kind, int value)
    {
        var root = Enter(context);
        if (root == null)
        {
            return;
        }

        var news = new GrpcEvent(kind, value);
        var stream = Callers.StreamOf(root, call, kind, isHttp: false);
        if (stream == 0)
        {
            Plugin(root).OnGrpcCall((uint)call, news);
        }
        else if (GoTo(stream) is var caller && caller != null)
        {
            Stream(caller).OnGrpcCall(ref Plugin(caller), (uint)call, news);
        }
    }

    // From here on the proxy's functions are about the stream. Null where it has ended.
    private static Context* GoTo(int stream)
    {
        var context = Contexts.Find(stream);
        if (context != null)
        {
            _ = Abi.SetEffectiveContext(stream);
        }

        return context;
    }

    public static int Done(int context)
    {
        var entered = Enter(context);
        if (entered == null)
        {
            return 1;
        }

        var done = entered->Root == entered ? Plugin(entered).OnDone() : Stream(entered).OnDone(ref Plugin(entered));
        return done ? 1 : 0;
    }

    public static void WriteLog(int context)
    {
        var entered = Enter(context);
        if (entered != null && entered->Root != entered)
        {
            Stream(entered).OnLog(ref Plugin(entered));
        }
    }

    public static void Delete(int context)
    {
        var entered = Enter(context);
        if (entered != null && entered->Root != entered)
        {
            Stream(entered).OnDelete(ref Plugin(entered));
        }

        Contexts.Delete(context);
    }

    private static ReadOnlySpan<byte> Configuration(int buffer, int size)
    {
        byte* bytes = null;
        var length = 0;
        if (size > 0)
        {
            _ = Abi.GetBufferBytes(buffer, 0, size, &bytes, &length);
        }

        return new ReadOnlySpan<byte>(bytes, length);
    }
}
