using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>A section that may be off: <c>true</c> for its defaults, <c>false</c> for null, or its keys.</summary>
/// <remarks>A configuration cannot tell null from <c>{}</c> in JSON, although they would mean the opposite, so both are
/// errors.</remarks>
/// <param name="keys">The keys of the section.</param>
internal sealed class OptionalSection<T>(ConfigurationKeys<T> keys) : ConfigurationValue<T?>
    where T : class, new()
{
    public override string Schema =>
        $$"""{ "type": ["boolean", "object"], "minProperties": 1, {{keys.SchemaOfKeys}} }""";

    public override IEnumerable<string> Paths => keys.Paths;

    public override T? Read(IConfigurationSection section, T? current, ICollection<string> errors)
    {
        var isBoolean = bool.TryParse(section.Value, out var isOn);
        if (isBoolean && !isOn)
            return null;
        if (isBoolean || (section.Value is null && section.GetChildren().Any()))
            return keys.ReadKeys(section, current ?? new T(), errors);
        errors.Add(ConfigurationErrors.Wrong(section, "true for the defaults, false for none, or a section with keys")
            + (section.Value is null ? " (A configuration cannot tell null from {}.)" : ""));
        return current;
    }

    public override T? Keep(T? old, T? next, string path, bool needsRestart, ICollection<string> kept) =>
        old is null || next is null
            ? base.Keep(old, next, path, needsRestart, kept)
            : keys.Keep(old, next, path, needsRestart, kept);
}
