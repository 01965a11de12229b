using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Json.Schema;

namespace Instrumentator.Properties;

/// <summary>The JSON schema of the package, with which editors complete <c>appsettings.json</c>. It is written from the
/// table of keys that the reader has, and from the documentation of the options.</summary>
public partial class ConfigurationSchemaTests
{
    private static readonly string _file =
        Path.Combine(Repository.Root, "src", "Instrumentator.Endpoints", "ConfigurationSchema.json");

    private static readonly JsonSerializerOptions _indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.FromFile(_file));

    [Fact]
    public void The_schema_is_that_of_the_keys()
    {
        var expected = Generate().ToJsonString(_indented).ReplaceLineEndings("\n") + "\n";
        var actual = File.Exists(_file) ? File.ReadAllText(_file).ReplaceLineEndings("\n") : "";
        if (expected == actual)
            return;
        var received = Path.ChangeExtension(_file, ".received.json");
        File.WriteAllText(received, expected);
        Assert.Fail($"The schema is not that of the keys. Approve it: mv {received} {_file}");
    }

    [Property]
    public Property It_accepts_whatever_a_valid_app_is_written_as() =>
        Prop.ForAll(Arb.From(Generators.ConfiguredApps), app => Assert.True(Accepts(ConfigurationWriter.Write(app))));

    // It says what is wrong in the form. What is wrong in a value, such as -1, is said at the start of the app.
    [Theory]
    [MemberData(nameof(ConfigurationReaderTests.Errors), MemberType = typeof(ConfigurationReaderTests))]
    public void It_rejects_what_the_reader_cannot_read(string section, string[] errors)
    {
        var isValue = Array.TrueForAll(errors, error => ErrorOfValue().IsMatch(error));

        Assert.Equal(isValue, Accepts(JsonNode.Parse($$"""{ "Instrumentator": {{section}} }""")!));
    }

    [Fact]
    public void It_leaves_the_rest_of_a_file_alone() =>
        Assert.True(Accepts(JsonNode.Parse("""{ "Logging": { "LogLevel": { "Default": "Warning" } } }""")!));

    /// <summary>Whether a validator of JSON schemas accepts a file.</summary>
    internal static bool Accepts(JsonNode json) =>
        _schema.Value.Evaluate(JsonSerializer.SerializeToElement(json)).IsValid;

    private static JsonObject Generate()
    {
        var section = JsonNode.Parse(InstrumentatorKeys.All.Schema)!.AsObject();
        Describe(section, typeof(Config));
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["type"] = "object",
            ["properties"] = new JsonObject { ["Instrumentator"] = section },
        };
    }

    // The description of a key is the summary and the default of its property.
    private static void Describe(JsonObject schema, Type type)
    {
        foreach (var (name, value) in schema["properties"]?.AsObject().ToArray() ?? [])
        {
            var property = PropertyOf(type, name);
            var key = value!.AsObject();
            var note = IsOptional(key) ? " Write false for null." : "";
            key.Insert(0, "description", Documentation.Of(property) + note);
            Describe(key, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
        }
    }

    private static bool IsOptional(JsonObject schema) =>
        schema["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "boolean");

    private static PropertyInfo PropertyOf(Type type, string name) =>
        type.GetProperty(name)
        ?? typeof(Instrumentation).GetProperty(name)
        ?? typeof(ConfiguredApp).GetProperty(name)
        ?? throw new ArgumentException($"{type} has no {name}.", nameof(name));

    [GeneratedRegex("^I:[^ ]+: ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ErrorOfValue();

    /// <summary>The documentation comments of properties, as text.</summary>
    private static partial class Documentation
    {
        private static readonly Dictionary<string, XElement> _members = new[] { typeof(Config), typeof(ScrapeOptions) }
            .Select(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")))
            .SelectMany(document => document.Descendants("member"))
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

        public static string Of(PropertyInfo property)
        {
            // Parameters of a record have their documentation there.
            var member = _members.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");
            var texts = member is null
                ? _members[$"T:{property.DeclaringType.FullName}"].Elements("param")
                    .Where(param => param.Attribute("name")!.Value == property.Name)
                : member.Elements().Where(element => element.Name.LocalName is "summary" or "value");
            return Spaces().Replace(string.Join(' ', texts.Select(Text)), " ").Trim();
        }

        private static string Text(XElement element) => string.Concat(element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.', '(')[^1],
            XElement other => Text(other),
            _ => "",
        }));

        [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Spaces();
    }
}
