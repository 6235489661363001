using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Gathers Envoy's v3 API from the packages that package-lock.json pins, and from stubs/, into one include root,
/// with the patches below. Runs inside MSBuild (see Weft.Envoy.csproj), hence the older C#.
/// </summary>
public sealed class PrepareProtos : Task
{
    // v2 files cannot compile (the package lacks what they import), so only /v3/ is wanted; what it imports follows.
    private static readonly Regex Wanted =
        new Regex("^(envoy/(service|config|extensions|type|data|admin)/(.*/)?v3/|xds/|udpa/|validate/)");

    private static readonly Regex Import = new Regex("^import\\s+(?:public\\s+)?\"([^\"]+)\"", RegexOptions.Multiline);

    // Envoy's files use validate rules newer than the validate.proto beside them: field numbers of protoc-gen-validate.
    private static readonly Dictionary<string, int> IgnoreEmpty = new Dictionary<string, int>
    {
        { "StringRules", 26 }, { "BytesRules", 14 }, { "RepeatedRules", 5 }, { "MapRules", 6 },
        { "FloatRules", 8 }, { "DoubleRules", 8 }, { "Int32Rules", 8 }, { "Int64Rules", 8 },
        { "UInt32Rules", 8 }, { "UInt64Rules", 8 }, { "SInt32Rules", 8 }, { "SInt64Rules", 8 },
        { "Fixed32Rules", 8 }, { "Fixed64Rules", 8 }, { "SFixed32Rules", 8 }, { "SFixed64Rules", 8 },
    };

    /// <summary>Folders whose .proto files form the include root; a later one does not replace an earlier one's file.</summary>
    [Required]
    public string[] Roots { get; set; }

    [Required]
    public string Output { get; set; }

    public override bool Execute()
    {
        var have = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var root in Roots)
        {
            foreach (var file in Directory.EnumerateFiles(root, "*.proto", SearchOption.AllDirectories))
            {
                var name = file.Substring(root.TrimEnd('/', '\\').Length + 1).Replace('\\', '/');
                if (!have.ContainsKey(name))
                {
                    have[name] = File.ReadAllText(file).Replace("\r\n", "\n");
                }
            }
        }

        have["validate/validate.proto"] = PatchValidate(have["validate/validate.proto"]);
        var chosen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in have.Keys.Where(n => Wanted.IsMatch(n)).ToList())
        {
            Choose(name, have, chosen);
        }

        foreach (var name in chosen)
        {
            var path = Path.Combine(Output, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            File.WriteAllText(path, have[name]);
        }

        Log.LogMessage(MessageImportance.Normal, chosen.Count + " protos");
        return !Log.HasLoggedErrors;
    }

    private void Choose(string name, Dictionary<string, string> have, SortedSet<string> chosen)
    {
        if (name.StartsWith("google/protobuf/", StringComparison.Ordinal) || !chosen.Add(name))
        {
            return;
        }

        if (!have.ContainsKey(name))
        {
            Log.LogError("No package and no stub has " + name + "; add it under stubs/.");
            return;
        }

        foreach (Match import in Import.Matches(have[name]))
        {
            Choose(import.Groups[1].Value, have, chosen);
        }
    }

    private string PatchValidate(string text)
    {
        foreach (var rule in IgnoreEmpty)
        {
            var body = new Regex("(message " + rule.Key + " \\{.*?)(\\n\\})", RegexOptions.Singleline);
            if (!body.IsMatch(text))
            {
                Log.LogError("validate.proto has no message " + rule.Key + " to add ignore_empty to.");
            }

            text = body.Replace(text, "$1\n\n    optional bool ignore_empty = " + rule.Value + ";$2", 1);
        }

        return text;
    }
}
