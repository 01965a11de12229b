using System.Globalization;

namespace Instrumentator.Laws;

/// <summary>FsCheck's <c>[Property]</c> with 300 cases by default, and with two settings for a whole run from
/// environment variables.</summary>
/// <example><code>[Property(MaxTest = 1_000)] public void Rounding_is_idempotent(double value) { … }</code></example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PropertyAttribute : FsCheck.Xunit.PropertyAttribute
{
    /// <summary>The environment variable for the seed that a failure printed: every property then starts with that
    /// case.</summary>
    public const string SeedVariable = "INSTRUMENTATOR_SEED";

    /// <summary>The environment variable for the maximum number of cases of a property, for runs that repeat all
    /// properties very often (eng/mutate).</summary>
    public const string MaxCasesVariable = "INSTRUMENTATOR_MAX_CASES";

    private const int DefaultCases = 300;

    public PropertyAttribute()
    {
        MaxTest = DefaultCases;
        Replay = Environment.GetEnvironmentVariable(SeedVariable);
    }

    /// <summary>Gets or sets the number of cases, unless the environment allows fewer.</summary>
    public new int MaxTest
    {
        get => base.MaxTest;
        set => base.MaxTest = CasesOf(value, Environment.GetEnvironmentVariable(MaxCasesVariable));
    }

    /// <summary>Returns the number of cases of a property.</summary>
    /// <param name="cases">The number that it asks for.</param>
    /// <param name="max">The maximum, as the environment variable has it; null or empty for none.</param>
    public static int CasesOf(int cases, string? max) =>
        string.IsNullOrEmpty(max)
            ? cases
            : Math.Min(cases, int.Parse(max, NumberStyles.None, CultureInfo.InvariantCulture));
}
