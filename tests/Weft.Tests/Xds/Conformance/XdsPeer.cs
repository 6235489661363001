using System.Collections.Immutable;
using System.Globalization;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Weft.Testing;
using Weft.Xds;

namespace Weft.Tests.Xds.Conformance;

/// <summary>
/// A client on one stream over real gRPC that does as a test says. What holds for every response is checked on every
/// response.
/// </summary>
/// <param name="only">The short name of the type whose service it calls; null for the aggregated one.</param>
internal abstract class XdsPeer(XdsStage stage, string? only) : IDisposable
{
    private readonly HashSet<string> _nonces = [];
    private readonly Dictionary<string, Heard> _last = [];

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    protected XdsStage Stage => stage;

    protected string? Only => only;

    /// <summary>Whether the next request says who the client is. The first one does.</summary>
    public bool NamesNode { get; set; } = true;

    /// <summary>What it says, in its first request, that it can do.</summary>
    public string[] Features { get; set; } = [];

    /// <summary>The program that it says, in its first request, that it is.</summary>
    public string UserAgent { get; set; } = "";

    /// <summary>Whether the server will refuse the next request, which is then not waited for.</summary>
    public bool IsToFail { get; set; }

    /// <summary>From now on wants exactly these. The first time with none: says no names at all.</summary>
    public abstract Task AskAsync(string type, params string[] names);

    /// <summary>Answers a response, naming what it wants as before.</summary>
    public abstract Task AnswerAsync(Heard heard, Google.Rpc.Status? error = null);

    /// <summary>Closes its half of the stream.</summary>
    public abstract Task CompleteAsync();

    public abstract void Dispose();

    /// <summary>The last response of the type, which is answered next.</summary>
    public Heard Last(string type) => _last[type];

    protected Heard? LastOrNone(string type) => _last.GetValueOrDefault(type);

    public Task AckAsync(string type) => AnswerAsync(Last(type));

    public Task NackAsync(string type, string text = "no", int code = 13) =>
        AnswerAsync(Last(type), new Google.Rpc.Status { Code = code, Message = text });

    /// <summary>Waits for the next response. Its patience is used up by a failure only.</summary>
    public async Task<Heard> NextAsync()
    {
        var heard = await ReadAsync().WaitAsync(Eventually.Patience, Test)
            ?? throw new InvalidOperationException("The server ended the stream.");
        Assert.NotEmpty(heard.Nonce);
        Assert.True(_nonces.Add(heard.Nonce), $"The nonce {heard.Nonce} was used before on this stream.");
        var names = heard.Resources.Select(r => r.Label.Split('@', '~')[0]).Where(n => n != "?").Concat(heard.Removed)
            .Concat(heard.Errors.Select(e => e.Split('!')[0])).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.True(only is null || heard.Type == only, $"{heard.Type} on a stream of {only}.");
        return _last[heard.Type] = heard;
    }

    /// <summary>The next responses are these, and no others come between them.</summary>
    public async Task HearsAsync(params string[] expected)
    {
        foreach (var text in expected)
        {
            Assert.Equal(text, (await NextAsync()).ToString());
        }
    }

    /// <summary>The next responses are these; each is acknowledged as it comes.</summary>
    public async Task TakesAsync(params string[] expected)
    {
        foreach (var text in expected)
        {
            await HearsAsync(text);
            await AckAsync(text.Split(' ')[0]);
        }
    }

    /// <summary>
    /// Nothing is under way: what is asked for now is answered next. All that was asked or published before has then
    /// been looked at.
    /// </summary>
    public abstract Task IsSilentAsync();

    /// <summary>Nothing more comes: the server looks at all that it was sent before it ends its half, too.</summary>
    public async Task EndsSilentlyAsync()
    {
        await CompleteAsync();
        var more = await ReadAsync().WaitAsync(Eventually.Patience, Test);
        Assert.True(more is null, $"Nothing was to come, but {more} came.");
    }

    /// <summary>The server ends the stream with an error.</summary>
    public async Task<StatusCode> FailsAsync() => (await Assert.ThrowsAsync<RpcException>(ReadAsync)).StatusCode;

    protected abstract Task<Heard?> ReadAsync();

    // The field is younger than the generated classes, which keep what they do not know.
    protected static ImmutableArray<string> ErrorsOf(IMessage response, int field)
    {
        var errors = new List<string>();
        var input = new CodedInputStream(response.ToByteArray());
        while (input.ReadTag() is > 0 and var tag)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited))
            {
                errors.Add(ErrorOf(new CodedInputStream(input.ReadBytes().ToByteArray())));
            }
            else
            {
                input.SkipLastField();
            }
        }

        return [.. errors.Order(StringComparer.Ordinal)];
    }

    private static string ErrorOf(CodedInputStream input)
    {
        var (name, status) = (new ResourceName(), new Google.Rpc.Status());
        Assert.Equal(WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited), input.ReadTag());
        input.ReadMessage(name);
        Assert.Equal(WireFormat.MakeTag(2, WireFormat.WireType.LengthDelimited), input.ReadTag());
        input.ReadMessage(status);
        Assert.True(input.IsAtEnd);
        Assert.NotEmpty(status.Message);
        return $"{name.Name}!{status.Code}";
    }

    // A resource as a test sees it: with its time to live behind; without a body it is a heartbeat, which has no version
    // of the test's.
    protected Heard.Resource Living(Resource resource)
    {
        var lifetime = resource.Ttl is { } ttl
            ? string.Create(CultureInfo.InvariantCulture, $"~{ttl.ToTimeSpan().TotalSeconds}s")
            : "";
        if (resource.Resource_ is not { } any)
        {
            return new(resource.Name + lifetime, resource.Version, ByteString.Empty);
        }

        var label = stage.LabelOf(any.TypeUrl, any.Value);
        Assert.True(label == "?" || XdsTpName.Canonical(label.Split('@')[0]) == resource.Name, $"{label} is called {resource.Name}.");
        return new(label + lifetime, resource.Version, any.Value);
    }

    /// <summary>Who it is, in the first request.</summary>
    protected Node? TakeNode()
    {
        var node = NamesNode ? new Node { Id = "n", UserAgentName = UserAgent, ClientFeatures = { Features } } : null;
        NamesNode = false;
        return node;
    }

    /// <summary>Sends a request and waits until the server takes it up.</summary>
    protected async Task SendAsync<T>(IClientStreamWriter<T> requests, T request)
    {
        await requests.WriteAsync(request, Test);
        if (!IsToFail)
        {
            await stage.Requests.NextAsync(TestContext.Current.CancellationToken);
        }
    }
}
