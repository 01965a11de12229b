using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>The rule for requests without a route: <c>"Ignore"</c>, <c>"Group"</c>, <c>"Path"</c>,
/// <c>{ "Group": "other" }</c> or <c>{ "Path": 50 }</c>.</summary>
internal sealed class UntemplatedValue : ConfigurationValue<Untemplated>
{
    private const string Rule = "\"Ignore\", \"Group\", \"Path\", { \"Group\": \"the label\" } or { \"Path\": 100 }";

    private static readonly ConfigurationKeys<Choice> _keys = new()
    {
        { "Group", ConfigurationValues.Text, it => it.Group!, (it, value) => it with { Group = value } },
        { "Path", ConfigurationValues.Integer, it => it.Path ?? 0, (it, value) => it with { Path = value } },
    };

    public override string Schema => $$"""
        { "anyOf": [
            { "enum": ["Ignore", "Group", "Path"] },
            { "type": "object", "minProperties": 1, "maxProperties": 1, {{_keys.SchemaOfKeys}} }
        ] }
        """;

    // The text alone, or the only key, makes the choice. Of two files, the text may be in one and the key in another.
    public override Untemplated Read(IConfigurationSection section, Untemplated current, ICollection<string> errors)
    {
        var before = errors.Count;
        var choice = _keys.ReadKeys(section, new(null, null), errors);
        var name = section.Value ?? choice switch
        {
            { Group: not null, Path: null } => nameof(choice.Group),
            { Group: null, Path: not null } => nameof(choice.Path),
            _ => null,
        };
        var chosen = name?.Trim().ToUpperInvariant() switch
        {
            "IGNORE" => Untemplated.Ignore,
            "GROUP" => choice.Group is { } handler ? Untemplated.Group(handler) : Untemplated.Group(),
            "PATH" => choice.Path is { } limit ? Untemplated.Path(limit) : Untemplated.Path(),
            _ => null,
        };
        if (chosen is null && errors.Count == before)
            errors.Add(ConfigurationErrors.Wrong(section, Rule));
        return errors.Count == before ? chosen! : current;
    }

    private sealed record Choice(string? Group, int? Path);
}
