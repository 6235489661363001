using System.Collections.Immutable;
using Google.Protobuf;
using Weft.Translation.Raw;

namespace Weft.Tests.Translation.Raw;

/// <summary>Short ways to read raw text in tests.</summary>
internal static class RawTexts
{
    public const string ClusterType = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    public static RawResources Read(string text) => RawReader.Read("f.yaml", text);

    /// <summary>Reads a text without mistakes.</summary>
    public static ImmutableArray<RawResource> Good(string text)
    {
        var read = Read(text);
        Assert.Empty(read.Diagnostics);
        return read.Resources;
    }

    /// <summary>Reads one cluster named c whose further fields are given, each line as it stands.</summary>
    public static RawResources Cluster(string fields) =>
        Read($"resources:\n- \"@type\": {ClusterType}\n  name: c\n" + Indented(fields));

    public static Envoy.Config.Cluster.V3.Cluster GoodCluster(string fields)
    {
        var read = Cluster(fields);
        Assert.Empty(read.Diagnostics);
        return Assert.IsType<Envoy.Config.Cluster.V3.Cluster>(Assert.Single(read.Resources).Message);
    }

    /// <summary>Reads a message of any type by wrapping it, under "value" if the type has a form of its own.</summary>
    public static T Any<T>(string fields)
        where T : class, IMessage<T>, new()
    {
        var type = "type.googleapis.com/" + new T().Descriptor.FullName;
        return Assert.IsType<T>(Assert.Single(Good(Named(type, fields))).Message);
    }

    /// <summary>A file with one resource in a wrapper that names it x; the fields begin at 5:5.</summary>
    public static string Named(string type, string fields) =>
        "resources:\n- \"@type\": type.googleapis.com/envoy.service.discovery.v3.Resource\n  name: x\n"
        + $"  resource: {{\"@type\": \"{type}\",\n    {fields}}}\n";

    /// <summary>The diagnostics as lines of "code line:column".</summary>
    public static string[] Places(RawResources read) =>
        [.. read.Diagnostics.Select(one => $"{one.Code} {one.Where!.Line}:{one.Where.Column}")];

    private static string Indented(string fields) =>
        string.Concat(fields.Split('\n').Select(line => "  " + line + "\n"));
}
