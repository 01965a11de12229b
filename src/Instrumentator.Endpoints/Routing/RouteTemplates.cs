using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator;

/// <summary>Formats route patterns as labels.</summary>
internal static class RouteTemplates
{
    private static readonly string[] _ofActions = ["area", "controller", "action", "page"];

    /// <summary>Returns the template of an endpoint; null when it has none.</summary>
    public static string? Of(Endpoint endpoint, HandlerTemplate kind) => endpoint is RouteEndpoint routed
        ? Of(routed.RoutePattern, kind)
        : ActionOf(endpoint) is null ? null : OfAction(ValuesOf(endpoint));

    /// <summary>Returns the fixed values of a route, such as the controller and the action of an MVC route.</summary>
    public static ValueList<Label> ValuesOf(Endpoint endpoint) => ValueList.From(
        from value in (endpoint is RouteEndpoint routed
            ? RequiredValues(routed.RoutePattern)
            : ActionOf(endpoint)?.RouteValues) ?? []
        where value.Value is not null
        select new Label(value.Key, value.Value));

    private static IEnumerable<KeyValuePair<string, string?>> RequiredValues(RoutePattern pattern) =>
        pattern.RequiredValues.Select(value => KeyValuePair.Create(value.Key, value.Value as string));

    private static string Of(RoutePattern pattern, HandlerTemplate kind) =>
        kind == HandlerTemplate.Raw && !string.IsNullOrEmpty(pattern.RawText) ? pattern.RawText : Names(pattern);

    // In the form of a conventional route.
    private static string? OfAction(ValueList<Label> values)
    {
        var names = _ofActions.SelectMany(key => values.Where(value => value.Name == key && value.Value.Length > 0));
        return string.Concat(names.Select(name => "/" + name.Value.TrimStart('/'))) is { Length: > 0 } template
            ? template
            : null;
    }

    // An endpoint that MVC selects for a fallback or a dynamic route has an action and no pattern.
    private static ActionDescriptor? ActionOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ActionDescriptor>();

    /// <summary>Returns the template with the bare names of parameters and without a slash at its end.</summary>
    /// <remarks>Routing matches <c>/users</c> and <c>/users/</c> alike, and a group appends the slash by itself, even
    /// to the template "".</remarks>
    private static string Names(RoutePattern pattern)
    {
        var segments = string.Concat(pattern.PathSegments.Select(segment =>
            "/" + string.Concat(segment.Parts.Select(part => Text(part, pattern)))));
        return segments.Length == 0 ? "/" : segments;
    }

    private static string Text(RoutePatternPart part, RoutePattern pattern) => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => RequiredValue(parameter.Name, pattern) ?? Parameter(parameter),
        _ => "",
    };

    // A conventional MVC route has one endpoint per action, in which {controller} and {action} have one value each.
    private static string? RequiredValue(string name, RoutePattern pattern) =>
        pattern.RequiredValues.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : null;

    // The stars stay: {**rest} spans slashes, and {rest} is a different route.
    private static string Parameter(RoutePatternParameterPart parameter)
    {
        var stars = parameter.IsCatchAll ? parameter.EncodeSlashes ? "*" : "**" : "";
        return $"{{{stars}{parameter.Name}}}";
    }
}
