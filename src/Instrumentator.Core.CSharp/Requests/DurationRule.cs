namespace Instrumentator;

/// <summary>The rule of durations: rounded where the configuration says so, before any bucket is chosen.</summary>
internal static class DurationRule
{
    public static double Apply(double seconds, Config config) =>
        config.LatencyDecimals is { } decimals ? Rounding.Round(seconds, decimals) : seconds;
}
