using System.CommandLine;

namespace Weft.Commands;

internal static class ProxyCommand
{
    public static Command Create() => new("proxy", "Run a proxy.");
}
