using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RestV1 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_faces_PersonId",
                table: "faces");

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "persons",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<float>(
                name: "Brightness",
                table: "faces",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ExternalId",
                table: "faces",
                type: "TEXT",
                maxLength: 128,
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "Pitch",
                table: "faces",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "Roll",
                table: "faces",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "Sharpness",
                table: "faces",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "faces",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<float>(
                name: "Yaw",
                table: "faces",
                type: "REAL",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Kind",
                table: "enrolment_jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "enrolment_jobs",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ImageId",
                table: "enrolment_items",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Generation",
                table: "collections",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "ExpiresAt",
                table: "api_keys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastUsedAt",
                table: "api_keys",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_key_collections",
                columns: table => new
                {
                    ApiKeyId = table.Column<long>(type: "INTEGER", nullable: false),
                    CollectionId = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_key_collections", x => new { x.ApiKeyId, x.CollectionId });
                    table.ForeignKey(
                        name: "FK_api_key_collections_api_keys_ApiKeyId",
                        column: x => x.ApiKeyId,
                        principalTable: "api_keys",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_api_key_collections_collections_CollectionId",
                        column: x => x.CollectionId,
                        principalTable: "collections",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ApiKeyId = table.Column<long>(type: "INTEGER", nullable: true),
                    Action = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Collection = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_entries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "face_tags",
                columns: table => new
                {
                    FaceId = table.Column<long>(type: "INTEGER", nullable: false),
                    Tag = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_face_tags", x => new { x.FaceId, x.Tag });
                    table.ForeignKey(
                        name: "FK_face_tags_faces_FaceId",
                        column: x => x.FaceId,
                        principalTable: "faces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "idempotent_requests",
                columns: table => new
                {
                    ApiKeyId = table.Column<long>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    RequestHash = table.Column<string>(type: "TEXT", fixedLength: true, maxLength: 64, nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: true),
                    ContentType = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Location = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    ETag = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    Body = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotent_requests", x => new { x.ApiKeyId, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "person_exclusions",
                columns: table => new
                {
                    PersonId = table.Column<long>(type: "INTEGER", nullable: false),
                    FaceId = table.Column<long>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_person_exclusions", x => new { x.PersonId, x.FaceId });
                    table.ForeignKey(
                        name: "FK_person_exclusions_faces_FaceId",
                        column: x => x.FaceId,
                        principalTable: "faces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_person_exclusions_persons_PersonId",
                        column: x => x.PersonId,
                        principalTable: "persons",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "shadow_embeddings",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "TEXT", nullable: false),
                    FaceId = table.Column<long>(type: "INTEGER", nullable: false),
                    Embedding = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 512, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shadow_embeddings", x => new { x.JobId, x.FaceId });
                    table.ForeignKey(
                        name: "FK_shadow_embeddings_enrolment_jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "enrolment_jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_shadow_embeddings_faces_FaceId",
                        column: x => x.FaceId,
                        principalTable: "faces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_faces_CollectionId_ExternalId",
                table: "faces",
                columns: new[] { "CollectionId", "ExternalId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_faces_PersonId_Id",
                table: "faces",
                columns: new[] { "PersonId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_enrolment_items_ImageId",
                table: "enrolment_items",
                column: "ImageId");

            migrationBuilder.CreateIndex(
                name: "IX_api_key_collections_CollectionId",
                table: "api_key_collections",
                column: "CollectionId");

            migrationBuilder.CreateIndex(
                name: "IX_audit_entries_At",
                table: "audit_entries",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_face_tags_Tag_FaceId",
                table: "face_tags",
                columns: new[] { "Tag", "FaceId" });

            migrationBuilder.CreateIndex(
                name: "IX_idempotent_requests_CreatedAt",
                table: "idempotent_requests",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_person_exclusions_FaceId",
                table: "person_exclusions",
                column: "FaceId");

            migrationBuilder.CreateIndex(
                name: "IX_shadow_embeddings_FaceId",
                table: "shadow_embeddings",
                column: "FaceId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_key_collections");

            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "face_tags");

            migrationBuilder.DropTable(
                name: "idempotent_requests");

            migrationBuilder.DropTable(
                name: "person_exclusions");

            migrationBuilder.DropTable(
                name: "shadow_embeddings");

            migrationBuilder.DropIndex(
                name: "IX_faces_CollectionId_ExternalId",
                table: "faces");

            migrationBuilder.DropIndex(
                name: "IX_faces_PersonId_Id",
                table: "faces");

            migrationBuilder.DropIndex(
                name: "IX_enrolment_items_ImageId",
                table: "enrolment_items");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "Brightness",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "ExternalId",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Pitch",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Roll",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Sharpness",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Yaw",
                table: "faces");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Model",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "ImageId",
                table: "enrolment_items");

            migrationBuilder.DropColumn(
                name: "Generation",
                table: "collections");

            migrationBuilder.DropColumn(
                name: "ExpiresAt",
                table: "api_keys");

            migrationBuilder.DropColumn(
                name: "LastUsedAt",
                table: "api_keys");

            migrationBuilder.CreateIndex(
                name: "IX_faces_PersonId",
                table: "faces",
                column: "PersonId");
        }
    }
}
