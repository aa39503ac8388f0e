using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class JobQueueAndErasure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Attempts",
                table: "enrolment_jobs",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "DropsArchive",
                table: "enrolment_jobs",
                type: "tinyint(1)",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "LastError",
                table: "enrolment_jobs",
                type: "varchar(64)",
                maxLength: 64,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.AddColumn<DateTime>(
                name: "NotBefore",
                table: "enrolment_jobs",
                type: "datetime(6)",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "ProgressMark",
                table: "enrolment_jobs",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Receipt",
                table: "enrolment_jobs",
                type: "varchar(1000)",
                maxLength: 1000,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");

            migrationBuilder.AddColumn<long>(
                name: "SubjectId",
                table: "enrolment_jobs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "enrolment_jobs",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Waits",
                table: "enrolment_jobs",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "erased_names",
                columns: table => new
                {
                    JobId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Hash = table.Column<string>(type: "varchar(64)", maxLength: 64, nullable: false, collation: "utf8mb4_0900_bin")
                        .Annotation("MySql:CharSet", "utf8mb4")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased_names", x => new { x.JobId, x.Hash });
                    table.ForeignKey(
                        name: "FK_erased_names_enrolment_jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "enrolment_jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_0900_bin");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "erased_names");

            migrationBuilder.DropColumn(
                name: "Attempts",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "DropsArchive",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "LastError",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "NotBefore",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "ProgressMark",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Receipt",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "enrolment_jobs");

            migrationBuilder.DropColumn(
                name: "Waits",
                table: "enrolment_jobs");
        }
    }
}
