using System.Collections.Immutable;
using Weft.Manifests.Yaml;
using Weft.Model;

namespace Weft.Manifests.Decoding;

/// <summary>Reads a <c>Workload</c> of <c>weft.dev/v1alpha1</c>.</summary>
internal static class WorkloadDecoder
{
    public static WorkloadConfig Decode(Head head, FieldReader spec)
    {
        if (spec.Find("address") is null)
        {
            spec.Missing("address", "say at which IP address its peers reach it");
        }

        var address = spec.Text("address");
        if (address is not null)
        {
            spec.Findings.CheckAddress(address);
        }

        var service = spec.Label("service");
        var labels = head.Labels.SetItems(spec.Labels("labels"));
        var (app, inbound, outbound) = (spec.Port("appPort"), spec.Port("inboundPort"), spec.Port("outboundPort"));
        if (inbound is not null && spec.Find("appPort") is null)
        {
            spec.Missing("appPort", "a proxy that takes requests needs the application's port to hand them to");
        }

        var tcp = spec.Maps("tcpOutbound").Select(t => Tcp(head, t)).OfType<TcpOutboundConfig>().ToImmutableArray();
        var run = spec.Map("run") is { } entry ? Run(entry, head.Where.File) : null;
        spec.Close();
        var name = head.Name ?? default;
        return new(
            name, service is null ? null : name with { Name = service }, labels, address?.Text ?? "",
            app, inbound, outbound, tcp, run, head.Where);
    }

    private static TcpOutboundConfig? Tcp(Head head, FieldReader entry)
    {
        foreach (var field in (string[])["service", "port", "listen"])
        {
            if (entry.Find(field) is null)
            {
                entry.Missing(field);
            }
        }

        var service = entry.Label("service");
        var @namespace = entry.Find("namespace") is null ? head.Name?.Namespace : entry.Label("namespace");
        var (port, listen) = (entry.Port("port"), entry.Port("listen"));
        entry.Close();
        return service is null || @namespace is null || port is null || listen is null
            ? null
            : new(new(@namespace, service), port.Value, listen.Value);
    }

    private static RunConfig Run(FieldReader run, string file)
    {
        var command = Words(run, "command");
        if (run.Find("command") is null or ListNode { Items.IsEmpty: true })
        {
            run.Missing("command", "list the program and its arguments");
        }

        var variables = run.Entries("env").ToArray();
        foreach (var (name, value) in variables)
        {
            var isName = name.Text.Length > 0 && !name.Text.Contains('=') && !name.Text.Contains('\0');
            CheckWord(run, isName, name, "env", "is no name of a variable");
            CheckWord(run, !value.Text.Contains('\0'), value, "env", "holds a NUL");
        }

        var build = Words(run, "build");
        run.Close();
        var environment = variables.ToImmutableSortedDictionary(
            e => e.Name.Text, e => e.Value.Text, StringComparer.Ordinal);
        return new(command, environment, build, Path.GetDirectoryName(file) ?? "");
    }

    private static ImmutableArray<string> Words(FieldReader run, string name)
    {
        var words = run.Texts(name).ToArray();
        foreach (var word in words)
        {
            CheckWord(run, !word.Text.Contains('\0'), word, name, "holds a NUL");
        }

        return [.. words.Select(w => w.Text)];
    }

    // The kernel ends each word of a command and of an environment at a NUL.
    private static void CheckWord(FieldReader run, bool isGood, ScalarNode word, string field, string complaint)
    {
        if (!isGood)
        {
            run.Findings.Error(
                "WEFT1111", word.Where, $"{run.PathOf(field)}: {Excerpt.Of(word.Text)} {complaint}.");
        }
    }
}
