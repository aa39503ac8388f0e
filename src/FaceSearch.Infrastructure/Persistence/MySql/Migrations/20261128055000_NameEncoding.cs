using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceSearch.Infrastructure.Persistence.MySql.Migrations
{
    /// <inheritdoc />
    public partial class NameEncoding : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "NameEncoding",
                table: "enrolment_jobs",
                type: "varchar(40)",
                maxLength: 40,
                nullable: true,
                collation: "utf8mb4_0900_bin")
                .Annotation("MySql:CharSet", "utf8mb4");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(name: "NameEncoding", table: "enrolment_jobs");
        }
    }
}
