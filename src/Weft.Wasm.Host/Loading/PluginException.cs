namespace Weft.Wasm.Host;

/// <summary>
/// A plugin is not taken: its module breaks a rule of the hosts, or it refuses its configuration. Trying again does not
/// help.
/// </summary>
/// <param name="rule">Which rule.</param>
/// <param name="message">The rule, and what breaks it.</param>
/// <param name="inner">What was thrown below, if anything.</param>
public sealed class PluginException(PluginRule rule, string message, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which rule is broken.</summary>
    public PluginRule Rule { get; } = rule;
}
