CREATE TABLE `books` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`author_id` integer NOT NULL,
	`title` text NOT NULL,
	`price` real,
	`tags` text,
	`cover` blob,
	`sales` blob,
	FOREIGN KEY (`author_id`) REFERENCES `authors`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `books_by_author` ON `books` (`author_id`,`title`);--> statement-breakpoint
ALTER TABLE `authors` ADD `is_living` integer DEFAULT true NOT NULL;
