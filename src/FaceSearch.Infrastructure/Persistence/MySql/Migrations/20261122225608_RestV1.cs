using System;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class RestV1 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // First, as a foreign key needs one of the two.
            migrationBuilder.CreateIndex(
                name: "IX_faces_PersonId_Id",
                table: "faces",
                columns: new[] { "PersonId", "Id" });

            migrationBuilder.DropIndex(
                name: "IX_faces_PersonId",
                table: "faces");

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "persons",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<float>(
                name: "Brightness",
                table: "faces",
                type: "float",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ExternalId",
                table: "faces",
                type: "varchar(128)",
                maxLength: 128,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.AddColumn<float>(
                name: "Pitch",
                table: "faces",
                type: "float",
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "Roll",
                table: "faces",
                type: "float",
                nullable: true);

            migrationBuilder.AddColumn<float>(
                name: "Sharpness",
                table: "faces",
                type: "float",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "faces",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<float>(
                name: "Yaw",
                table: "faces",
                type: "float",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Kind",
                table: "enrolment_jobs",
                type: "int",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "enrolment_jobs",
                type: "varchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.AddColumn<long>(
                name: "ImageId",
                table: "enrolment_items",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Generation",
                table: "collections",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTime>(
                name: "ExpiresAt",
                table: "api_keys",
                type: "datetime(6)",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "LastUsedAt",
                table: "api_keys",
                type: "datetime(6)",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_key_collections",
                columns: table => new
                {
                    ApiKeyId = table.Column<long>(type: "bigint", nullable: false),
                    CollectionId = table.Column<long>(type: "bigint", nullable: false)
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
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    At = table.Column<DateTime>(type: "datetime(6)", nullable: false),
                    ApiKeyId = table.Column<long>(type: "bigint", nullable: true),
                    Action = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Collection = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: true, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Subject = table.Column<string>(type: "varchar(255)", maxLength: 255, nullable: true, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Status = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_entries", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateTable(
                name: "face_tags",
                columns: table => new
                {
                    FaceId = table.Column<long>(type: "bigint", nullable: false),
                    Tag = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4")
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
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateTable(
                name: "idempotent_requests",
                columns: table => new
                {
                    ApiKeyId = table.Column<long>(type: "bigint", nullable: false),
                    Key = table.Column<string>(type: "varchar(255)", maxLength: 255, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    RequestHash = table.Column<string>(type: "char(64)", fixedLength: true, maxLength: 64, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    CreatedAt = table.Column<DateTime>(type: "datetime(6)", nullable: false),
                    Status = table.Column<int>(type: "int", nullable: true),
                    ContentType = table.Column<string>(type: "varchar(255)", maxLength: 255, nullable: true, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Location = table.Column<string>(type: "varchar(255)", maxLength: 255, nullable: true, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    ETag = table.Column<string>(type: "varchar(255)", maxLength: 255, nullable: true, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Body = table.Column<byte[]>(type: "longblob", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotent_requests", x => new { x.ApiKeyId, x.Key });
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateTable(
                name: "person_exclusions",
                columns: table => new
                {
                    PersonId = table.Column<long>(type: "bigint", nullable: false),
                    FaceId = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "datetime(6)", nullable: false)
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
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateTable(
                name: "shadow_embeddings",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    FaceId = table.Column<long>(type: "bigint", nullable: false),
                    Embedding = table.Column<byte[]>(type: "varbinary(512)", maxLength: 512, nullable: false)
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
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.CreateIndex(
                name: "IX_faces_CollectionId_ExternalId",
                table: "faces",
                columns: new[] { "CollectionId", "ExternalId" },
                unique: true);

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

            // First, as a foreign key needs one of the two.
            migrationBuilder.CreateIndex(
                name: "IX_faces_PersonId",
                table: "faces",
                column: "PersonId");

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

        }
    }
}
