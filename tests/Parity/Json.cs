using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Instrumentator.Parity;

/// <summary>Reads scenarios with the property names of the original. An unknown name is an error.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new CountConverter() },
    };

    /// <summary>Reads a value from a file. An unknown or missing property is an error that names the property and the
    /// file.</summary>
    public static T ReadFile<T>(string path)
    {
        try
        {
            return Read<T>(JsonDocument.Parse(File.ReadAllText(path)).RootElement);
        }
        catch (JsonException e)
        {
            throw new JsonException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
    }

    public static T Read<T>(JsonElement element) =>
        element.Deserialize<T>(_options) ?? throw new JsonException($"null stands where {typeof(T).Name} is needed.");

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, _options);

    private sealed class CountConverter : JsonConverter<Count>
    {
        public override Count Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Number ? reader.GetInt64().ToString() : reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Count value, JsonSerializerOptions options)
        {
            if (long.TryParse(value.Text, out var number))
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(value.Text);
        }
    }
}

/// <summary>A number of bytes, or the placeholder for the size of a scrape.</summary>
/// <param name="Text">Digits, or <see cref="AnySize"/>.</param>
internal readonly record struct Count(string Text)
{
    /// <summary>The placeholder for any number above 0.</summary>
    public const string AnySize = "<scrape bytes>";
}
