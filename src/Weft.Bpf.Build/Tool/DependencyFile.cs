using System.Text;

namespace Weft.Bpf.Build.Tool;

/// <summary>The files that a source includes, as compilers write them for <c>make</c>: <c>target: file file \</c>.</summary>
internal static class DependencyFile
{
    public static IReadOnlyList<string> Parse(string text)
    {
        var files = new List<string>();
        var file = new StringBuilder();
        var start = text.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : text.Length;
        for (var i = start; i < text.Length; i++)
        {
            var next = i + 1 < text.Length ? text[i + 1] : '\n';
            switch (text[i])
            {
                case '\\' when next is ' ' or '#':
                case '$' when next == '$':
                    file.Append(next);
                    i++;
                    break;
                case '\\' when next is '\n' or '\r':
                case ' ' or '\n' or '\r' or '\t':
                    End();
                    break;
                default:
                    file.Append(text[i]);
                    break;
            }
        }

        End();
        return files;

        void End()
        {
            if (file.Length > 0)
            {
                files.Add(file.ToString());
                file.Clear();
            }
        }
    }
}
