using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>Reads a section of the configuration: a pure function of the section and of the app before it.</summary>
internal static class ConfigurationReader
{
    /// <summary>Returns an app as a section changes it, and all errors of the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="start">The app without the section. Its own errors are not those of the section.</param>
    /// <returns>The app, and the errors: each names the full path of the key.</returns>
    public static (ConfiguredApp App, ValueList<string> Errors) Read(IConfigurationSection section, ConfiguredApp start)
    {
        List<string> errors = [];
        var app = InstrumentatorKeys.All.Read(section, start, errors);
        if (NewErrors(app, start).Any())
            errors.AddRange(WithPaths(section, start));
        return (app, ValueList.From(errors));
    }

    /// <summary>Returns an app as a valid section changes it.</summary>
    /// <exception cref="InvalidConfigException">There are errors; the exception lists all of them.</exception>
    public static ConfiguredApp ReadValid(IConfigurationSection section, ConfiguredApp start)
    {
        var (app, errors) = Read(section, start);
        return errors.Count == 0 ? app : throw new InvalidConfigException(errors);
    }

    private static IEnumerable<string> NewErrors(ConfiguredApp app, ConfiguredApp start) =>
        Validate(app).Except(Validate(start), StringComparer.Ordinal);

    private static IEnumerable<string> Validate(ConfiguredApp app) =>
        app.Instrumentation.Validate().Concat(app.Scrape.Validate());

    // The rules for values know nothing of keys. So the key of an error is the deepest one that causes it alone, and
    // without which there are fewer.
    private static IEnumerable<string> WithPaths(IConfigurationSection section, ConfiguredApp start)
    {
        var rest = section.AsEnumerable().ToArray();
        foreach (var path in rest.Select(one => one.Key).OrderByDescending(Depth).ToArray())
        {
            var without = Entries(rest, path, areBelow: false);
            string[] errors = [.. ErrorsOf(Entries(rest, path, areBelow: true))];
            if (errors.Length == 0 || ErrorsOf(without).Count() >= ErrorsOf(rest).Count())
                continue;
            foreach (var error in errors)
                yield return $"{path}: {error}";
            rest = without;
        }

        IEnumerable<string> ErrorsOf(IEnumerable<KeyValuePair<string, string?>> entries) => NewErrors(
            InstrumentatorKeys.All.Read(
                new ConfigurationBuilder().AddInMemoryCollection(entries).Build().GetSection(section.Path), start, []),
            start);
    }

    private static KeyValuePair<string, string?>[] Entries(
        KeyValuePair<string, string?>[] entries, string path, bool areBelow) =>
        [.. entries.Where(one => areBelow == IsBelow(one.Key, path))];

    private static bool IsBelow(string key, string path) =>
        key.StartsWith(path, StringComparison.OrdinalIgnoreCase)
        && (key.Length == path.Length || key[path.Length] == ':');

    private static int Depth(string path) => path.Count(character => character == ':');
}
