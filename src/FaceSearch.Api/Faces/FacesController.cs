using FaceSearch.Api.Enrolment;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Audit;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Quality;
using Mediator;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;

namespace FaceSearch.Api.Faces;

[ApiController]
[Tags("Faces")]
public sealed class FacesController(ISender sender) : ControllerBase
{
    /// <summary>Enrols the main face of a picture: a large one near its centre.</summary>
    /// <remarks>
    /// Searches find the face once the answer is sent. Other faces of the picture are listed as skipped. An LFW-style
    /// file name gives the person and version: Aaron_Eckhart_0001.jpg.
    /// </remarks>
    [HttpPost("/add_face", Name = "addFace")]
    [Authorize(Scopes.Add), Idempotent]
    [StreamsBody, TrimTrailingSlash, RequiresIndex, PictureBody]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<AddFaceResponse>(StatusCodes.Status201Created)]
    [ProducesProblem("duplicate-picture", "no-face", "model-not-available")]
    public async Task<IActionResult> AddFace([FromServices] UploadReader uploads, CancellationToken ct)
    {
        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var result = await sender.Send(
            new EnrolFacesCommand(Collection.DefaultName, picture.Value.Bytes, picture.Value.FileName), ct);
        return result.ToActionResult(HttpContext, added =>
        {
            var answer = AddFaceResponse.From(added);
            HttpContext.SetAuditSubject(answer.Face.FaceId);
            return Created($"/v1/collections/{Collection.DefaultName}/faces/{answer.Face.FaceId}", answer);
        });
    }

    /// <summary>Gets all stored data about an enrolled picture.</summary>
    /// <param name="form">The picture's id; the API key, unless it comes in a header.</param>
    [HttpPost("/get_face_info", Name = "getFaceInfo")]
    [Authorize(Scopes.Read)]
    [ApiKeyInForm("api_key"), TrimTrailingSlash]
    [Consumes("application/x-www-form-urlencoded", "multipart/form-data")]
    [ProducesResponseType<FaceInfoResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("image-not-found")]
    public async Task<IActionResult> GetFaceInfo([FromForm] FaceInfoForm form, CancellationToken ct)
    {
        var result = await sender.Send(new GetFaceInfoQuery(form.ImageId), ct);
        return result.ToActionResult(HttpContext, info =>
        {
            var answer = FaceInfoResponse.From(info);
            HttpContext.SetAuditSubject(answer.ImageId);
            return Ok(answer);
        });
    }

    /// <summary>Enrols one face of a picture, or every one.</summary>
    /// <remarks>
    /// Searches find the faces once the answer is sent. Every face that is not enrolled is listed as refused, with the
    /// reasons. When no face is left, the call is refused. A picture that is known already takes further faces; those
    /// that are enrolled are listed as known. An LFW-style file name names the person of the main face, unless a person is
    /// given: Aaron_Eckhart_0001.jpg. The fields person, externalId and tags may come in the
    /// form too, before or after the picture; the query overrides the form.
    /// </remarks>
    /// <param name="faces">
    /// The main face, a large one near the picture's centre; the single one, refusing a picture that shows several; or all of
    /// them. 'largest' means 'main'.
    /// </param>
    /// <param name="targetBox">
    /// Enrol the face that overlaps this box most: x,y,width,height in pixels of the upright picture.
    /// </param>
    /// <param name="person">The name of the person whose face it is. A new name adds a person.</param>
    /// <param name="personFor">
    /// Whose name it is when several faces are enrolled: that of the main face, or of all. A file name is that of the main
    /// face too.
    /// </param>
    /// <param name="externalId">Your own name for the face, unique in the collection; not with faces=all.</param>
    /// <param name="tags">Words to file the faces under: repeated, or with commas between them.</param>
    /// <param name="quality">How good a face must be; low is enough to be recognised.</param>
    /// <param name="nearDuplicates">
    /// What happens to a face that is almost the same as an enrolled one: it is enrolled with a warning, it is refused,
    /// or the check is skipped.
    /// </param>
    [HttpPost("/v1/collections/{collection}/faces", Name = "enrolFaces")]
    [Authorize(Scopes.Add), Idempotent]
    [StreamsBody, RequiresIndex, PictureBody(Fields = ["person", "externalId", "tags"])]
    [EnableRateLimiting(ImageConcurrencyLimit.PicturesPolicy)]
    [ProducesResponseType<EnrolFacesResponse>(StatusCodes.Status201Created)]
    [ProducesProblem("duplicate-picture", "near-duplicate", "external-id-taken", "no-face", "several-faces", "low-quality", "no-face-in-target-box", "model-not-available")]
    public async Task<IActionResult> EnrolFaces(
        [FromServices] UploadReader uploads,
        string collection,
        [FromQuery] string? targetBox,
        [FromQuery, Limits(MinLength = 1, MaxLength = Person.NameMaxLength)] string? person,
        [FromQuery, Limits(MinLength = 1, MaxLength = Face.ExternalIdMaxLength)] string? externalId,
        [FromQuery, Limits(MinLength = 1, MaxItems = FaceFields.MaxTags)] string[]? tags,
        [FromQuery] FacesToEnrol faces = FacesToEnrol.Main,
        [FromQuery] PersonFor personFor = PersonFor.Main,
        [FromQuery] QualityLevel quality = QualityLevel.Low,
        [FromQuery] NearDuplicates nearDuplicates = NearDuplicates.Warn,
        CancellationToken ct = default)
    {
        var box = FaceParameters.Box("targetBox", targetBox);
        if (box.Error is { } noBox)
            return noBox.ToActionResult(HttpContext);

        var picture = await uploads.ReadPictureAsync(Request, ct);
        if (picture.Error is { } refused)
            return refused.ToActionResult(HttpContext);

        var parameters = new FaceParameters(picture.Value.Fields);
        var command = new EnrolFacesCommand(collection, picture.Value.Bytes, picture.Value.FileName)
        {
            Faces = faces,
            TargetBox = box.Value,
            Person = parameters.Text("person", person),
            PersonFor = personFor,
            ExternalId = parameters.Text("externalId", externalId),
            Tags = parameters.Texts("tags", tags),
            Quality = quality,
            NearDuplicates = nearDuplicates,
        };
        var result = await sender.Send(command, ct);
        return result.ToActionResult(HttpContext, enrolled =>
        {
            var answer = EnrolFacesResponse.From(collection, enrolled, Scopes.MayRead(User));
            HttpContext.SetAuditSubject(answer.Faces is [var only] ? only.FaceId : answer.Image.ImageId);
            return Enrolled(collection, answer);
        });
    }

    /// <summary>Lists the enrolled faces of a collection, oldest first.</summary>
    /// <param name="person">Only those of the person with this name.</param>
    /// <param name="personId">Only those of the person with this id.</param>
    /// <param name="tag">Only those filed under this tag.</param>
    /// <param name="externalId">Only the one with this external id.</param>
    /// <param name="cursor">The 'nextCursor' of the answer before.</param>
    /// <param name="limit">The largest number of faces, 1 to 500; 50 by default.</param>
    [HttpGet("/v1/collections/{collection}/faces", Name = "listFaces")]
    [Authorize(Scopes.Read)]
    [ProducesResponseType<FaceListResponse>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListFaces(
        string collection,
        [Limits(MinLength = 1, MaxLength = Person.NameMaxLength)] string? person,
        string? personId,
        [Limits(MinLength = 1, MaxLength = FaceTag.MaxLength)] string? tag,
        [Limits(MinLength = 1, MaxLength = Face.ExternalIdMaxLength)] string? externalId,
        string? cursor,
        int limit = Page.DefaultLimit,
        CancellationToken ct = default)
    {
        var result = await sender.Send(new ListFacesQuery(collection, person, personId, tag, externalId, cursor, limit), ct);
        return result.ToActionResult(HttpContext, page => Ok(FaceListResponse.From(collection, page)));
    }

    /// <summary>Gets an enrolled face. The ETag is of its state, for If-Match of a change.</summary>
    /// <param name="embedding">Answer the embedding too.</param>
    [HttpGet("/v1/collections/{collection}/faces/{faceId}", Name = "getFace")]
    [Authorize(Scopes.Read)]
    [AnswersETag]
    [ProducesResponseType<FaceResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified)]
    [ProducesProblem("face-not-found")]
    public async Task<IActionResult> GetFace(
        string collection, string faceId, bool embedding = false, CancellationToken ct = default)
    {
        var result = await sender.Send(new GetFaceQuery(collection, faceId, embedding), ct);
        return result.ToActionResult(HttpContext, face => Versioned(collection, face));
    }

    /// <summary>Changes the person, the external id or the tags of a face.</summary>
    /// <remarks>
    /// A JSON merge patch: absent members stay, null removes a value. With If-Match the change is refused when another
    /// client has changed the face since that ETag. A key without the read scope is answered only what it has set.
    /// </remarks>
    [HttpPatch("/v1/collections/{collection}/faces/{faceId}", Name = "changeFace")]
    [Authorize(Scopes.Write)]
    [AnswersETag, ExpectsETag]
    [Consumes("application/merge-patch+json", "application/json")]
    [ProducesResponseType<ChangedFaceResponse>(StatusCodes.Status200OK)]
    [ProducesProblem("face-not-found", "external-id-taken")]
    public async Task<IActionResult> ChangeFace(
        string collection, string faceId, ChangeFaceRequest change, CancellationToken ct)
    {
        var command = change.ToCommand(collection, faceId, Request.ExpectedTags());
        var result = await sender.Send(command, ct);
        return result.ToActionResult(HttpContext, face =>
        {
            var mayRead = Scopes.MayRead(User);
            if (mayRead)
                Response.SetTag(face.Tag);
            return Ok(ChangedFaceResponse.From(face, command, mayRead));
        });
    }

    /// <summary>Removes a face. The picture is removed with its last face.</summary>
    /// <remarks>
    /// Searches no longer find the face once the answer is sent. The picture is then deleted from the index's files, kept
    /// archives and the database's log too. When this takes longer than ten seconds, the answer is 202 with the address of
    /// the removal's job, which continues until all is deleted.
    /// </remarks>
    [HttpDelete("/v1/collections/{collection}/faces/{faceId}", Name = "removeFace")]
    [Authorize(Scopes.Write)]
    [ExpectsETag]
    [RequiresIndex]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    [ProducesProblem("face-not-found")]
    public async Task<IActionResult> RemoveFace(string collection, string faceId, CancellationToken ct)
    {
        var result = await sender.Send(new RemoveFaceCommand(collection, faceId, Request.ExpectedTags()), ct);
        return result.ToActionResult(HttpContext, removal => removal.PendingJob is { } jobId
            ? EnrolmentJobResponse.AcceptWithoutBody(Response, jobId)
            : NoContent());
    }

    /// <summary>Several faces have their picture's address.</summary>
    private CreatedResult Enrolled(string collection, EnrolFacesResponse enrolled) => enrolled.Faces is [var only]
        ? Created($"/v1/collections/{collection}/faces/{only.FaceId}", enrolled)
        : Created($"/v1/collections/{collection}/images/{enrolled.Image.ImageId}", enrolled);

    private OkObjectResult Versioned(string collection, FaceDetails face)
    {
        Response.SetTag(face.Tag);
        return Ok(FaceResponse.From(collection, face));
    }
}
