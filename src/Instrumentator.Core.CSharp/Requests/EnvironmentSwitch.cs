namespace Instrumentator;

/// <summary>The rule of the environment variable that switches everything on.</summary>
public static class EnvironmentSwitch
{
    /// <summary>Whether requests are measured: always without <see cref="Config.EnabledBy"/>, else when the variable is <c>true</c> or <c>1</c>.</summary>
    /// <param name="config">Names the variable.</param>
    /// <param name="read">Reads a variable; null when there is none.</param>
    public static bool IsOn(Config config, Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(read);
        return config.EnabledBy is not { } name || read(name) is { } value && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));
    }
}
