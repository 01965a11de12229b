using System.Collections;
using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>The keys of a section, as one table: it reads the section, tells what its JSON schema is, and what of a
/// change needs a restart.</summary>
/// <typeparam name="T">An immutable value that the keys change.</typeparam>
/// <param name="required">The names of the keys that must be present.</param>
internal sealed class ConfigurationKeys<T>(params string[] required)
    : ConfigurationValue<T>, IEnumerable<ConfigurationKey<T>>
{
    private readonly List<ConfigurationKey<T>> _keys = [];

    public override string Schema => $$"""{ "type": "object", {{SchemaOfKeys}} }""";

    /// <summary>Gets the part of the JSON schema that speaks of keys.</summary>
    public string SchemaOfKeys => $$"""
        "properties": { {{string.Join(", ", _keys.Select(key => $"\"{key.Name}\": {key.Schema}"))}} },
        {{SchemaOfRequired}}
        "additionalProperties": false
        """;

    private string SchemaOfRequired => required.Length == 0
        ? ""
        : $"\"required\": [{string.Join(", ", required.Select(name => $"\"{name}\""))}],";

    public override IEnumerable<string> Paths =>
        _keys.Select(key => key.Name).Concat(_keys.SelectMany(key => key.Paths.Select(path => $"{key.Name}:{path}")));

    /// <summary>Adds a key.</summary>
    /// <param name="name">The name of the C# property.</param>
    /// <param name="value">The kind of its value.</param>
    /// <param name="get">Gets the property.</param>
    /// <param name="set">Returns a copy with another value of the property.</param>
    /// <param name="needsRestart">Whether a change takes effect only after a restart.</param>
    public void Add<TValue>(
        string name,
        ConfigurationValue<TValue> value,
        Func<T, TValue> get,
        Func<T, TValue, T> set,
        bool needsRestart = false) => _keys.Add(new PropertyKey<T, TValue>(name, value, get, set, needsRestart));

    /// <summary>Adds the keys of a part of the value.</summary>
    public void Add<TPart>(ConfigurationKeys<TPart> keys, Func<T, TPart> get, Func<T, TPart, T> set) =>
        _keys.AddRange(keys.Select(key => new PartKey<T, TPart>(key, get, set)));

    public override T Read(IConfigurationSection section, T current, ICollection<string> errors)
    {
        if (section.Value is null)
            return ReadKeys(section, current, errors);
        errors.Add(ConfigurationErrors.Wrong(
            section, $"a section with the keys {string.Join(", ", _keys.Select(key => key.Name))}"));
        return current;
    }

    /// <summary>Reads the keys of a section, whatever value the section itself has.</summary>
    public T ReadKeys(IConfigurationSection section, T current, ICollection<string> errors)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        foreach (var child in children)
        {
            if (_keys.Find(key => IsName(key.Name, child)) is { } key)
                current = key.Read(child, current, errors);
            else
                errors.Add(ConfigurationErrors.Unknown(child, [.. Paths]));
        }
        foreach (var name in required.Where(name => !Array.Exists(children, child => IsName(name, child))))
            errors.Add($"{section.Path} lacks the key {name}. Add {section.Path}:{name}.");
        return current;
    }

    public override T Keep(T old, T next, string path, bool needsRestart, ICollection<string> kept) =>
        _keys.Aggregate(next, (current, key) => key.Keep(old, current, $"{path}:{key.Name}", kept));

    public IEnumerator<ConfigurationKey<T>> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsName(string name, IConfigurationSection child) =>
        name.Equals(child.Key, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A key of a section.</summary>
/// <typeparam name="T">The value that the key changes.</typeparam>
internal abstract class ConfigurationKey<T>(string name)
{
    public string Name => name;

    public abstract string Schema { get; }

    public abstract IEnumerable<string> Paths { get; }

    /// <inheritdoc cref="ConfigurationValue{T}.Read"/>
    public abstract T Read(IConfigurationSection section, T current, ICollection<string> errors);

    /// <inheritdoc cref="ConfigurationValue{T}.Keep"/>
    public abstract T Keep(T old, T next, string path, ICollection<string> kept);
}

/// <summary>A key that sets a property.</summary>
internal sealed class PropertyKey<T, TValue>(
    string name,
    ConfigurationValue<TValue> value,
    Func<T, TValue> get,
    Func<T, TValue, T> set,
    bool needsRestart) : ConfigurationKey<T>(name)
{
    public override string Schema => value.Schema;

    public override IEnumerable<string> Paths => value.Paths;

    public override T Read(IConfigurationSection section, T current, ICollection<string> errors) =>
        set(current, value.Read(section, get(current), errors));

    public override T Keep(T old, T next, string path, ICollection<string> kept) =>
        set(next, value.Keep(get(old), get(next), path, needsRestart, kept));
}

/// <summary>A key that sets a property of a part.</summary>
internal sealed class PartKey<T, TPart>(ConfigurationKey<TPart> key, Func<T, TPart> get, Func<T, TPart, T> set)
    : ConfigurationKey<T>(key.Name)
{
    public override string Schema => key.Schema;

    public override IEnumerable<string> Paths => key.Paths;

    public override T Read(IConfigurationSection section, T current, ICollection<string> errors) =>
        set(current, key.Read(section, get(current), errors));

    public override T Keep(T old, T next, string path, ICollection<string> kept) =>
        set(next, key.Keep(get(old), get(next), path, kept));
}
