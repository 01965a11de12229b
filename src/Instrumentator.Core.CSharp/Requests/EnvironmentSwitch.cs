namespace Instrumentator;

/// <summary>The rule for the environment variable that enables everything.</summary>
internal static class EnvironmentSwitch
{
    /// <summary>Returns whether requests are measured: always without <see cref="Config.EnabledBy"/>, otherwise when
    /// the variable is <c>true</c> or <c>1</c>.</summary>
    /// <param name="config">Names the variable.</param>
    /// <param name="read">Reads a variable; returns null when it is not set.</param>
    public static bool IsOn(Config config, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(read);
        return config.EnabledBy is not { } name
            || read(name) is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));
    }
}
