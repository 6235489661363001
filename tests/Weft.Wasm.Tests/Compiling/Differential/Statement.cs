using System.Text;

namespace Weft.Wasm.Tests.Compiling.Differential;

/// <summary>A statement of a random program. It can be left out without making the program wrong.</summary>
internal sealed class Statement(string head, params IEnumerable<Statement> body)
{
    /// <summary>What stands before the body's brace, or the whole of a simple statement.</summary>
    public string Head { get; } = head;

    public List<Statement> Body { get; } = [.. body];

    /// <summary>What follows the body: an else, a finally.</summary>
    public Statement? Next { get; init; }

    public bool IsBlock { get; init; }

    public bool IsOut { get; set; }

    /// <summary>This statement and all in it.</summary>
    public IEnumerable<Statement> All() => [this, .. Body.SelectMany(s => s.All()), .. Next?.All() ?? []];

    public void Write(StringBuilder text)
    {
        if (IsOut)
        {
            return;
        }

        text.Append(Head);
        if (IsBlock)
        {
            text.Append(" {\n");
            Body.ForEach(s => s.Write(text));
            text.Append('}');
            Next?.Write(text);
        }

        text.Append('\n');
    }
}

/// <summary>A random program: what all have, and methods whose statements were drawn.</summary>
internal sealed class RandomProgram(string preamble, List<(string Head, Statement Body, string Tail)> methods)
{
    public IEnumerable<Statement> Statements => methods.SelectMany(m => m.Body.Body.SelectMany(s => s.All()));

    public string Source()
    {
        var text = new StringBuilder(preamble);
        foreach (var (head, body, tail) in methods)
        {
            text.Append(head).Append("\n{\n");
            body.Body.ForEach(s => s.Write(text));
            text.Append(tail).Append("\n}\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>Leaves out what it can while the mismatch stays.</summary>
    public void Shrink(Func<string, bool> stillFails, int mostTries)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var statement in Statements.Where(s => !s.IsOut).ToList())
            {
                if (mostTries-- == 0)
                {
                    return;
                }

                statement.IsOut = true;
                changed |= statement.IsOut = stillFails(Source());
            }
        }
    }
}
