namespace Instrumentator;

/// <summary>The rule for the environment variable that enables everything.</summary>
internal static class EnvironmentSwitch
{
    /// <summary>Returns whether requests are measured: always without <see cref="Config.EnabledBy"/>, otherwise when
    /// the variable is <c>true</c> or <c>1</c>. A blank name switches nothing off, so it is reported as
    /// invalid.</summary>
    /// <param name="config">Names the variable.</param>
    /// <param name="read">Reads a variable; returns null when it is not set.</param>
    public static bool IsOn(Config config, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(read);
        return string.IsNullOrWhiteSpace(config.EnabledBy)
            || (read(config.EnabledBy) is { } value
                && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase)));
    }
}
