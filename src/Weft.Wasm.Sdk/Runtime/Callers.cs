namespace Weft.Wasm.Sdk.Runtime;

internal enum CallKind
{
    Http,
    GrpcUnary,
    GrpcStream,
}

/// <summary>A call of a stream's that has not ended.</summary>
internal unsafe struct Caller
{
    public CallKind Kind;
    public int Call;
    public int Stream;
    public Caller* Next;
}

/// <summary>
/// Which stream made which call to another service: proxies tell what comes of it to the configuration
/// (<c>root_context()</c> in the calls of proxy-wasm-cpp-host's exports.cc).
/// </summary>
internal static unsafe class Callers
{
    /// <summary>Takes down that the stream whose callback runs has made a call.</summary>
    public static void Add(CallKind kind, int call)
    {
        var context = Contexts.Current;
        if (context == null || context->Root == context)
        {
            return;
        }

        var caller = New(context->Root);
        if (caller != null)
        {
            caller->Kind = kind;
            caller->Call = call;
            caller->Stream = context->Id;
            caller->Next = context->Root->Callers;
            context->Root->Callers = caller;
        }
    }

    /// <summary>The number of the stream that made a call; 0 where the configuration itself did.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="call">The call.</param>
    /// <param name="news">What is told of a gRPC call; of one over HTTP, that it has ended.</param>
    /// <param name="isHttp">Whether it is one over HTTP: they are counted apart.</param>
    public static int StreamOf(Context* root, int call, GrpcNews news, bool isHttp)
    {
        var link = Find(root, call, isHttp);
        var caller = *link;
        if (caller == null)
        {
            return 0;
        }

        var stream = caller->Stream;
        if (news == GrpcNews.Closed || (news == GrpcNews.Message && caller->Kind == CallKind.GrpcUnary))
        {
            Remove(root, link);
        }

        return stream;
    }

    /// <summary>A gRPC call is given up: nothing more is told of it.</summary>
    public static void Forget(int call)
    {
        var context = Contexts.Current;
        if (context != null)
        {
            Remove(context->Root, Find(context->Root, call, isHttp: false));
        }
    }

    private static Caller* New(Context* root)
    {
        var caller = root->FreeCallers;
        if (caller != null)
        {
            root->FreeCallers = caller->Next;
            return caller;
        }

        var region = Memory.Current;
        Memory.Use(root->Region);
        caller = (Caller*)Memory.NewObject(sizeof(Caller));
        Memory.Current = region;
        return caller;
    }

    private static void Remove(Context* root, Caller** link)
    {
        var caller = *link;
        if (caller != null)
        {
            *link = caller->Next;
            caller->Next = root->FreeCallers;
            root->FreeCallers = caller;
        }
    }

    private static Caller** Find(Context* root, int call, bool isHttp)
    {
        var link = &root->Callers;
        while (*link != null && ((*link)->Call != call || ((*link)->Kind == CallKind.Http) != isHttp))
        {
            link = &(*link)->Next;
        }

        return link;
    }
}
