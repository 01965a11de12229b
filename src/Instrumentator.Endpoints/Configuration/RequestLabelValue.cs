using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>A label with values from the request: its name alone, such as <c>"status"</c>, or a section with a
/// <c>Label</c>, a <c>Header</c> with its allow-list, or a <c>RouteValue</c>, and another name.</summary>
internal sealed class RequestLabelValue : ConfigurationValue<RequestLabel>
{
    private static readonly RequestLabel[] _known =
    [
        RequestLabel.Handler,
        RequestLabel.Method,
        RequestLabel.Status,
        RequestLabel.Scheme,
        RequestLabel.ProtocolVersion,
        RequestLabel.ErrorType,
        RequestLabel.Unhandled,
        RequestLabel.GrpcStatus,
    ];

    private static readonly ConfigurationValue<RequestLabel> _name = new ScalarValue<RequestLabel>(
        $"{ConfigurationErrors.OneOf([.. _known.Select(label => label.Name)])}, "
            + "or a section with a Header and the list Allowed, or a RouteValue",
        $$"""{ "enum": [{{string.Join(", ", _known.Select(label => $"\"{label.Name}\""))}}] }""",
        (text, out value) =>
        {
            value = Array.Find(_known, label => label.Name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase))!;
            return value is not null;
        });

    private static readonly ConfigurationKeys<Parts> _keys = new()
    {
        { "Label", _name, it => it.Label!, (it, value) => it with { Label = value } },
        { "Header", ConfigurationValues.Text, it => it.Header!, (it, value) => it with { Header = value } },
        { "Allowed", ConfigurationValues.TextList, it => it.Allowed!, (it, value) => it with { Allowed = value } },
        { "Other", ConfigurationValues.Text, it => it.Other!, (it, value) => it with { Other = value } },
        { "RouteValue", ConfigurationValues.Text, it => it.RouteValue!, (it, value) => it with { RouteValue = value } },
        { "Name", ConfigurationValues.Text, it => it.Name!, (it, value) => it with { Name = value } },
    };

    public override string Schema => $$"""
        { "anyOf": [
            {{_name.Schema}},
            { "type": "object", {{_keys.SchemaOfKeys}},
              "oneOf": [{ "required": ["Label"] }, { "required": ["Header"] }, { "required": ["RouteValue"] }],
              "dependencies": { "Header": ["Allowed"], "Allowed": ["Header"], "Other": ["Header"] } }
        ] }
        """;

    public override RequestLabel Read(IConfigurationSection section, RequestLabel current, ICollection<string> errors)
    {
        if (!section.GetChildren().Any())
            return _name.Read(section, current, errors);
        var before = errors.Count;
        var parts = _keys.Read(section, new(), errors);
        if (errors.Count == before)
        {
            foreach (var error in parts.Validate(section.Path))
                errors.Add(error);
        }
        return errors.Count == before ? parts.ToLabel() : current;
    }

    private sealed record Parts
    {
        public RequestLabel? Label { get; init; }

        public string? Header { get; init; }

        public ValueList<string>? Allowed { get; init; }

        public string? Other { get; init; }

        public string? RouteValue { get; init; }

        public string? Name { get; init; }

        private int Sources => (Label is null ? 0 : 1) + (Header is null ? 0 : 1) + (RouteValue is null ? 0 : 1);

        public IEnumerable<string> Validate(string path)
        {
            if (Sources != 1)
            {
                yield return FormattableString.Invariant(
                    $"{path} must have exactly one of the keys Label, Header and RouteValue, but has {Sources}.");
            }
            if (RouteValue is "")
                yield return $"{path}:RouteValue is empty. Use the name of a route value, such as \"controller\".";
            if (Header is not null && Allowed is null)
                yield return $"{path} lacks the key Allowed. Clients choose headers: list the values that are labels.";
            if (Header is null && (Allowed ?? (object?)Other) is not null)
                yield return $"{path} has the key {(Allowed is null ? "Other" : "Allowed")}, which only a Header has.";
        }

        public RequestLabel ToLabel()
        {
            var label = Label
                ?? (Header is null ? RequestLabel.RouteValue(RouteValue!) : OfHeader(Header, Allowed!, Other));
            return Name is null ? label : label.As(Name);
        }

        private static RequestLabel OfHeader(string header, ValueList<string> allowed, string? other) => other is null
            ? RequestLabel.Header(header, allowed)
            : RequestLabel.Header(header, allowed, other);
    }
}
