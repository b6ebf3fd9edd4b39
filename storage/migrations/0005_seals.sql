-- What an entry says, hashed (storage/seal.py). Entries of older schemas have none.
ALTER TABLE entries ADD COLUMN seal BLOB;
