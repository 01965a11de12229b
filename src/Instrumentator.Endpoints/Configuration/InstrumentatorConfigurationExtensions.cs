using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>Reads an instrumentation from a configuration.</summary>
public static class InstrumentatorConfigurationExtensions
{
    /// <summary>Returns a copy with the rules, the default metrics and the limits of a section of the
    /// configuration.</summary>
    /// <param name="instrumentation">The instrumentation. What the section does not set stays as it is.</param>
    /// <param name="section">The section, whose keys are listed in docs/options.md.</param>
    /// <remarks>The section is read once. To follow its changes, and for the options of metrics endpoints, use
    /// <c>AddInstrumentator(section)</c>.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidConfigException">Keys are unknown, or values are invalid; the exception lists all
    /// errors.</exception>
    /// <example><code>
    /// Instrumentation.Default.WithConfiguration(builder.Configuration.GetSection("Instrumentator"))
    /// </code></example>
    public static Instrumentation WithConfiguration(
        this Instrumentation instrumentation, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(instrumentation);
        ArgumentNullException.ThrowIfNull(section);
        return ConfigurationReader.ReadValid(section, new(instrumentation, new())).Instrumentation;
    }
}
