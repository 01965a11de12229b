using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator;

/// <summary>Finds the route whose path a request had when routing turned it down for something else, its method for one.</summary>
/// <remarks>Routing answers 405 and 415 by an endpoint of its own, which does not say which routes had the path. So they are asked again here, in the
/// framework's own order: <see cref="RouteEndpoint.Order"/>, then the most specific.</remarks>
internal sealed class RejectedRoutes(IServiceProvider services)
{
    private readonly EndpointDataSource? _source = services.GetService<EndpointDataSource>();
    private readonly ParameterPolicyFactory? _policies = services.GetService<ParameterPolicyFactory>();
    private Known? _known;

    /// <summary>The endpoint of the first route that has the path of the request; null when there is none.</summary>
    public RouteEndpoint? Find(HttpContext context)
    {
        try
        {
            return Array.Find(Candidates(), candidate => candidate.Matches(context))?.Endpoint;
        }
#pragma warning disable CA1031 // Constraints are the app's own code. What one throws here it did not throw to routing, and the label is not worth the request.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    // An endpoint source gives another list when its endpoints change.
    private Candidate[] Candidates()
    {
        if (_source?.Endpoints is not { } endpoints)
            return [];
        var known = Volatile.Read(ref _known);
        if (known is not null && ReferenceEquals(known.Endpoints, endpoints))
            return known.Candidates;
        Candidate[] candidates =
        [
            .. endpoints.OfType<RouteEndpoint>()
                .OrderBy(endpoint => endpoint.Order)
                .ThenBy(endpoint => endpoint.RoutePattern.InboundPrecedence)
                .Select(endpoint => new Candidate(endpoint, _policies)),
        ];
        Volatile.Write(ref _known, new Known(endpoints, candidates));
        return candidates;
    }

    private sealed record Known(IReadOnlyList<Endpoint> Endpoints, Candidate[] Candidates);

    private sealed class Candidate(RouteEndpoint endpoint, ParameterPolicyFactory? policies)
    {
        private readonly TemplateMatcher _matcher = new(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));
        private readonly (string Parameter, IRouteConstraint Constraint)[] _constraints = [.. Constraints(endpoint.RoutePattern, policies)];

        public RouteEndpoint Endpoint => endpoint;

        public bool Matches(HttpContext context)
        {
            if (!HasLiterals(context.Request.Path.Value ?? ""))
                return false;
            var values = new RouteValueDictionary();
            return _matcher.TryMatch(context.Request.Path, values)
                && Array.TrueForAll(_constraints, one => one.Constraint.Match(context, null, one.Parameter, values, RouteDirection.IncomingRequest));
        }

        // Turns nearly all routes down, and without making an object.
        private bool HasLiterals(ReadOnlySpan<char> path)
        {
            foreach (var segment in endpoint.RoutePattern.PathSegments)
            {
                path = path.TrimStart('/');
                var end = path.IndexOf('/') is var slash and >= 0 ? slash : path.Length;
                if (segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } && !path[..end].Equals(literal.Content, StringComparison.OrdinalIgnoreCase))
                    return false;
                path = path[end..];
            }
            return true;
        }

        private static IEnumerable<(string, IRouteConstraint)> Constraints(RoutePattern pattern, ParameterPolicyFactory? policies) =>
            from parameter in pattern.Parameters
            from reference in parameter.ParameterPolicies
            let constraint = policies?.Create(parameter, reference) as IRouteConstraint
            where constraint is not null
            select (parameter.Name, constraint);
    }
}
