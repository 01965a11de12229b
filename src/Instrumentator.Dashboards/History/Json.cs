using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Instrumentator;

/// <summary>What <see cref="Utf8JsonWriter"/> lacks.</summary>
internal static class Json
{
    /// <summary>Returns the text of an object, in UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteAnyNumber(value);
        json.WriteEndArray();
    }

    /// <summary>Writes a number; one that JSON cannot express as a string.</summary>
    public static void WriteAnyNumber(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
