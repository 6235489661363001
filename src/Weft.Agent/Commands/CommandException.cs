namespace Weft.Agent.Commands;

/// <summary>A command failed: exit code 1. The message says of what, why, and what helps.</summary>
internal sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A command was called wrongly: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
