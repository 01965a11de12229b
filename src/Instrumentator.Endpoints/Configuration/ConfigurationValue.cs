using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>A kind of value in a configuration: how it is read, and what it is in JSON.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal abstract class ConfigurationValue<T>
{
    /// <summary>Gets the JSON schema of the value, as JSON.</summary>
    public abstract string Schema { get; }

    /// <summary>The keys of a section and of the sections in it, as paths; none for a plain value.</summary>
    public virtual IEnumerable<string> Paths => [];

    /// <summary>Returns the value of a key that is present.</summary>
    /// <param name="section">The key.</param>
    /// <param name="current">The value so far, which an error leaves as it is.</param>
    /// <param name="errors">Receives all errors.</param>
    public abstract T Read(IConfigurationSection section, T current, ICollection<string> errors);

    /// <summary>Returns the value that a running app uses after a change.</summary>
    /// <param name="old">The value in use.</param>
    /// <param name="next">The new value.</param>
    /// <param name="path">The path of the key.</param>
    /// <param name="needsRestart">Whether a new value takes effect only after a restart.</param>
    /// <param name="kept">Receives the paths of old values that stay in use.</param>
    public virtual T Keep(T old, T next, string path, bool needsRestart, ICollection<string> kept)
    {
        if (!needsRestart || EqualityComparer<T>.Default.Equals(old, next))
            return next;
        kept.Add(path);
        return old;
    }
}

/// <summary>Tells how a text becomes a value.</summary>
/// <returns>Whether the text is such a value.</returns>
internal delegate bool TryParse<T>(string text, out T value);

/// <summary>A value that is one text in the configuration.</summary>
/// <param name="rule">What the text must be, for errors.</param>
/// <param name="schema">The JSON schema.</param>
/// <param name="parse">Reads the text.</param>
/// <param name="isNullable">Whether JSON's null is a value, too.</param>
internal sealed class ScalarValue<T>(string rule, string schema, TryParse<T> parse, bool isNullable = false)
    : ConfigurationValue<T>
{
    public override string Schema => schema;

    public override T Read(IConfigurationSection section, T current, ICollection<string> errors)
    {
        var isPlain = !section.GetChildren().Any();
        if (isPlain && isNullable && section.Value is null)
            return default!;
        if (isPlain && section.Value is { } text && parse(text, out var value))
            return value;
        errors.Add(ConfigurationErrors.Wrong(section, rule));
        return current;
    }
}

/// <summary>A list, whose items are the keys below it, in their order.</summary>
/// <param name="item">The kind of the items.</param>
/// <param name="isNullable">Whether JSON's null is a value, too.</param>
internal sealed class ListValue<T>(ConfigurationValue<T> item, bool isNullable = false)
    : ConfigurationValue<ValueList<T>>
{
    public override string Schema =>
        $$"""{ "type": {{(isNullable ? """["array", "null"]""" : "\"array\"")}}, "items": {{item.Schema}} }""";

    public override ValueList<T> Read(
        IConfigurationSection section, ValueList<T> current, ICollection<string> errors)
    {
        IConfigurationSection[] items = [.. section.GetChildren()];
        if (isNullable && items.Length == 0 && section.Value is null)
            return null!;

        // An empty array of JSON is a key with an empty text.
        if (items.Length == 0 ? section.Value is not "" : !string.IsNullOrEmpty(section.Value))
        {
            errors.Add(ConfigurationErrors.Wrong(
                section, $"a list: [\"…\"] in JSON, or the key {section.Path}:0 for its first item"));
            return current;
        }
        var before = errors.Count;
        var values = ValueList.From(items.Select(one => item.Read(one, default!, errors)));
        return errors.Count == before ? values : current;
    }
}
