using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class FaceEmbeddings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "EmbeddingsDropped",
                table: "enrolment_jobs",
                type: "tinyint(1)",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "face_embeddings",
                columns: table => new
                {
                    FaceId = table.Column<long>(type: "bigint", nullable: false),
                    Model = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4"),
                    Embedding = table.Column<byte[]>(type: "varbinary(512)", maxLength: 512, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_face_embeddings", x => new { x.FaceId, x.Model });
                    table.ForeignKey(
                        name: "FK_face_embeddings_faces_FaceId",
                        column: x => x.FaceId,
                        principalTable: "faces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");

            migrationBuilder.Sql(
                """
                INSERT INTO `face_embeddings` SELECT `Id`, `Model`, `Embedding` FROM `faces` ORDER BY `Id`;
                """);

            migrationBuilder.Sql(
                """
                INSERT IGNORE INTO `face_embeddings`
                    SELECT s.`FaceId`, j.`Model`, s.`Embedding`
                    FROM `shadow_embeddings` s JOIN `enrolment_jobs` j ON j.`Id` = s.`JobId`
                    WHERE j.`Model` IS NOT NULL;
                """);

            migrationBuilder.DropTable(name: "shadow_embeddings");

            // INPLACE frees the space of the columns; the default would leave their bytes in the rows.
            migrationBuilder.Sql("ALTER TABLE `faces` DROP COLUMN `Embedding`, DROP COLUMN `Model`, ALGORITHM=INPLACE;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Embedding",
                table: "faces",
                type: "varbinary(512)",
                maxLength: 512,
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<string>(
                name: "Model",
                table: "faces",
                type: "varchar(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "",
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

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
                name: "IX_shadow_embeddings_FaceId",
                table: "shadow_embeddings",
                column: "FaceId");

            // The embeddings of unfinished re-embeddings are left out: a retry makes them again.
            migrationBuilder.Sql(
                """
                UPDATE `faces` f JOIN `collections` c ON c.`Id` = f.`CollectionId`
                    LEFT JOIN `face_embeddings` e ON e.`FaceId` = f.`Id` AND e.`Model` = c.`Model`
                    SET f.`Model` = c.`Model`, f.`Embedding` = COALESCE(e.`Embedding`, '');
                """);

            migrationBuilder.DropTable(name: "face_embeddings");

            migrationBuilder.DropColumn(name: "EmbeddingsDropped", table: "enrolment_jobs");
        }
    }
}
