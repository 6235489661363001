using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds;
using Weft.Xds.Client;

namespace Weft.Tests.XdsClient;

/// <summary>
/// Plays a scenario against <see cref="DeltaClient"/>. Lines that begin with <c>&gt;</c> are inputs; what the machine
/// sends and knows is written below each.
/// <code>
/// > open
/// > close why
/// > cds nonce +name@version +name@version=content -removed
/// </code>
/// A content is a comma-separated list: <c>eds:x</c> and <c>rds:x</c> refer to x; <c>bad</c> is refused;
/// <c>garbled</c> cannot be read; <c>none</c> is a resource without body; <c>other</c> is of another type.
/// </summary>
internal sealed class ClientScenario
{
    private readonly DeltaClient _machine = new(new Node { Id = "n1" }, Check);
    private readonly StringBuilder _played = new();
    private DeltaClientState _state = DeltaClientState.Initial;

    public static string Play(string written)
    {
        var scenario = new ClientScenario();
        foreach (var line in written.Split('\n').Where(l => l.StartsWith('>') || l.StartsWith('#') || l.Length == 0))
        {
            scenario._played.Append(line).Append('\n');
            if (line.StartsWith('>'))
            {
                scenario.Step(line[1..].Trim());
            }
        }

        return scenario._played.ToString().TrimEnd('\n') + "\n";
    }

    private static ResourceVerdict Check(string typeUrl, string name, Any body)
    {
        var words = StringValue.Parser.ParseFrom(body.Value).Value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return words.Contains("bad")
            ? ResourceVerdict.Reject("this is bad")
            : ResourceVerdict.Accept(name, [.. words.Where(w => w.Contains(':')).Select(Reference)]);
    }

    private static ResourceReference Reference(string word) => new(TypeOf(word[..3]), word[4..]);

    private static string TypeOf(string name) => name switch
    {
        "cds" => TypeUrl.Cluster,
        "eds" => TypeUrl.Endpoints,
        "lds" => TypeUrl.Listener,
        "rds" => TypeUrl.Route,
        "sds" => TypeUrl.Secret,
        _ => throw new ArgumentException($"no type {name}"),
    };

    private void Step(string input)
    {
        var step = _machine.Step(_state, Parse(input));
        _state = step.State;
        foreach (var request in step.Send)
        {
            _played.Append($"  send {Describe(request)}\n");
        }

        _played.Append($"  {(_state.Connected ? "connected" : $"away ({_state.LastError ?? "never tried"})")}\n");
        foreach (var type in _state.Types)
        {
            if (Describe(type.Known) is { Length: > 0 } known)
            {
                _played.Append($"  {TypeUrl.ShortName(type.TypeUrl)}{known}\n");
            }
        }
    }

    private static DeltaInput Parse(string input)
    {
        var words = input.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words[0])
        {
            case "open":
                return new DeltaInput.StreamOpened();
            case "close":
                return new DeltaInput.StreamClosed(string.Join(' ', words.Skip(1)));
        }

        var type = TypeOf(words[0]);
        var response = new DeltaDiscoveryResponse { TypeUrl = type, Nonce = words[1] };
        foreach (var word in words.Skip(2))
        {
            if (word[0] == '-')
            {
                response.RemovedResources.Add(word[1..]);
            }
            else
            {
                response.Resources.Add(ResourceOf(type, word[1..]));
            }
        }

        return new DeltaInput.Received(response);
    }

    private static Resource ResourceOf(string type, string text)
    {
        var parts = text.Split('=', 2);
        var name = parts[0].Split('@');
        var content = parts.Length == 2 ? parts[1] : "";
        var resource = new Resource { Name = name[0], Version = name[1] };
        if (content != "none")
        {
            var packed = Any.Pack(new StringValue { Value = content });
            resource.Resource_ = new Any
            {
                TypeUrl = content == "other" ? "type.googleapis.com/x.Other" : type,
                Value = content == "garbled" ? Google.Protobuf.ByteString.CopyFrom(0xff) : packed.Value,
            };
        }

        return resource;
    }

    private static string Describe(DeltaDiscoveryRequest request)
    {
        var text = new StringBuilder(TypeUrl.ShortName(request.TypeUrl));
        Append("node", request.Node?.Id);
        Append("nonce", request.ResponseNonce);
        Append("subscribe", string.Join(',', request.ResourceNamesSubscribe));
        Append("unsubscribe", string.Join(',', request.ResourceNamesUnsubscribe));
        Append("have", string.Join(',', request.InitialResourceVersions.Select(v => $"{v.Key}@{v.Value}")));
        Append("error", request.ErrorDetail is { } e ? $"{e.Code} '{e.Message.ReplaceLineEndings(" | ")}'" : null);
        return text.ToString();

        void Append(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append($" {name}={value}");
            }
        }
    }

    private static string Describe(XdsTypeSnapshot known)
    {
        var text = new StringBuilder();
        foreach (var resource in known.Resources.Values.OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            text.Append($" {resource.Name}@{resource.Version}");
        }

        foreach (var name in known.Absent.Order(StringComparer.Ordinal))
        {
            text.Append($" absent:{name}");
        }

        foreach (var (name, rejection) in known.Rejected.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            text.Append($" refused:{name}@{rejection.Version}");
        }

        return text.ToString();
    }
}
