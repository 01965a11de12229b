using System.Globalization;

namespace Instrumentator.Attack;

/// <summary>How long what runs for a time runs: some seconds, or what a developer says.</summary>
internal static class Budget
{
    /// <summary>Set to <c>90s</c>, <c>10m</c> or <c>2h</c>, it makes each time-boxed test run so long.</summary>
    public const string Variable = "INSTRUMENTATOR_LONG";

    /// <summary>The seed of what is random; a failure prints it.</summary>
    public const string SeedVariable = "INSTRUMENTATOR_SEED";

    /// <summary>The time that a test has.</summary>
    /// <param name="seconds">So long where nobody says anything.</param>
    public static TimeSpan Of(double seconds) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
            ? Parse(text)
            : TimeSpan.FromSeconds(seconds);

    /// <summary>A seed: that of <see cref="SeedVariable"/>, or a new one.</summary>
    public static int Seed() =>
        int.TryParse(
            Environment.GetEnvironmentVariable(SeedVariable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seed)
            ? seed
            : Random.Shared.Next();

    private static TimeSpan Parse(string text)
    {
        var seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 0 };
        return seconds > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? TimeSpan.FromSeconds((double)count * seconds)
            : throw new ArgumentException(
                $"{Variable} is \"{text}\", but must be a number and s, m or h: 90s, 10m, 2h.",
                nameof(text));
    }
}
